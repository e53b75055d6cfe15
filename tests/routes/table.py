"""Every address and who may open it. A new route is refused by the tests until it stands here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = "anybody"
GRANTED = "the order's customer: by session or signed in; staff of its seller"
MEMBER = "whoever is signed in"
PLANS = "planners and administrators"
OPERATES = "operators, planners and administrators"
AUTHORS = "catalogue authors and administrators"
ADMINISTERS = "administrators of the product's seller"
OWN = "who contributed it, or gave their word"
SCOPE = "a partner's program whose token carries the scope"
LINE = "a line, by its signature"
STAFF = "administrators; for others the page does not exist"
ADMIN = "administrators, in Django's admin"


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is opened.

    Attributes:
        names: What its address holds, by the names in ``tests.routes.world.World.places``.
        query: Sent along, in the address or, with POST, as a form.
        ok: Statuses for those who may.
    """

    access: str
    names: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    ok: frozenset[int] = frozenset({200})


def route(access: str, *ok: int, method: str = "GET", query: Any = None, **names: str) -> Route:
    return Route(access, names, method, query or {}, frozenset(ok or {200}))


ORDER = {"public_id": "order"}
UNIT = {"public_id": "unit"}
DRAFT = {"public_id": "draft"}
IDEA = {"public_id": "idea"}
CAMPAIGN = {"public_id": "campaign"}
FOREIGN_BOARD = {"plant": "yard", "unit": "@unit", "q": "@serial"}
ROUTES: dict[str, Route] = {
    # cosmo
    "home": route(PUBLIC),
    "styleguide": route(STAFF),
    "set_theme": route(PUBLIC, 302, method="POST", query={"theme": "dark"}),
    "set_language": route(PUBLIC, 302, method="POST", query={"language": "en"}),
    "favicon": route(PUBLIC, 302),
    "healthz": route(PUBLIC),
    "readyz": route(PUBLIC, 200, 503),
    # django-allauth
    "account_login": route(PUBLIC, 200, 302),
    "account_logout": route(PUBLIC, 200, 302),
    "account_inactive": route(PUBLIC),
    "account_signup": route(PUBLIC, 200, 302),
    "account_reauthenticate": route(MEMBER, 200, 302),
    "account_email": route(MEMBER),
    "account_email_verification_sent": route(PUBLIC),
    "account_confirm_email": route(PUBLIC, key="nonsense"),
    "account_change_password": route(MEMBER, 200, 302),
    "account_set_password": route(MEMBER, 200, 302),
    "account_reset_password": route(PUBLIC),
    "account_reset_password_done": route(PUBLIC),
    "account_reset_password_from_key": route(PUBLIC, uidb36="nonsense", key="nonsense"),
    "account_reset_password_from_key_done": route(PUBLIC),
    "account_confirm_login_code": route(PUBLIC, 200, 302),
    # Django's admin; the pages of each model are added by `admin_routes`
    "admin:index": route(ADMIN),
    "admin:login": route(PUBLIC, 200, 302),
    "admin:logout": route(PUBLIC, 200, 302, method="POST"),  # ends only one's own visit
    "admin:password_change": route(ADMIN),
    "admin:password_change_done": route(ADMIN),
    "admin:autocomplete": route(ADMIN, 403),  # without a field to complete
    "admin:jsi18n": route(ADMIN),
    "admin:view_on_site": route(ADMIN, 404, content_type_id="one", object_id="one"),
    "admin:app_list": route(ADMIN, app_label="accounts"),
    # partner API
    "token": route(PUBLIC, 400, method="POST"),
    "openapi": route(PUBLIC),
    "api-docs": route(PUBLIC),
    "design-api:offers": route(SCOPE),
    "design-api:offer": route(SCOPE, product="product"),
    "design-api:configure": route(SCOPE, method="POST", product="product"),
    "design-api:designs": route(SCOPE),
    "design-api:design": route(SCOPE, code="partner_design"),
    "orders-api:orders": route(SCOPE),
    "orders-api:order": route(SCOPE, public_id="partner_order"),
    "orders-api:cancel": route(SCOPE, 200, 409, method="POST", public_id="partner_order"),
    "production-api:stocks": route(SCOPE),
    "production-api:units": route(SCOPE),
    "production-api:unit": route(SCOPE, public_id="partner_unit"),
    "production-api:events": route(SCOPE, public_id="partner_unit"),
    # lines
    "line:hello": route(LINE, method="POST"),
    "line:status": route(LINE, method="POST"),
    "line:reports": route(LINE, method="POST"),
    # design
    "design:product": route(PUBLIC, slug="product"),
    "design:studio": route(PUBLIC, slug="product"),
    "design:studio-model": route(PUBLIC, slug="product"),
    "design:save": route(PUBLIC, 302, method="POST", slug="product"),
    "design:open": route(PUBLIC, code="design"),  # the link is the key
    "design:sketch": route(PUBLIC, slug="product"),
    "design:sheet": route(PUBLIC, code="design"),
    "design:name": route(PUBLIC, 302, 404, method="POST", code="design"),  # 404: whose it is not
    "design:restore": route(PUBLIC, 302, 404, method="POST", query={"version": "1"}, code="design"),
    "design:update": route(PUBLIC, 302, method="POST", code="design"),
    "design:copy": route(PUBLIC, 302, method="POST", code="design"),
    "design:compare": route(PUBLIC),
    "design:model": route(PUBLIC, code="design"),
    "design:drawn-picture": route(PUBLIC, code="design", kind="thumbnail"),
    "design:family": route(PUBLIC, code="design"),
    "design:picture": route(PUBLIC, code="design"),
    "design:gallery": route(PUBLIC),
    "design:gallery-mine": route(MEMBER),
    "design:gallery-entry": route(PUBLIC, code="shown_design"),
    "design:gallery-publish": route(OWN, 302, code="own_design"),
    "design:vote": route(MEMBER, 302, method="POST", query={"vote": "on"}, **IDEA),
    "design:comment": route(MEMBER, 302, 422, method="POST", query={"text": "Good."}, **IDEA),
    "design:report": route(MEMBER, **IDEA),
    "design:withdraw": route(OWN, 302, method="POST", public_id="own_entry"),
    "design:hide-comment": route(
        OWN, 302, method="POST", query={"reason": "rude"}, public_id="comment"
    ),
    "design:ideas": route(PUBLIC),
    "design:idea-write": route(MEMBER),
    "design:idea": route(PUBLIC, **IDEA),
    "design:idea-stage": route(
        AUTHORS, 302, method="POST", query={"stage": "taken_up", "name": "Mika"}, **IDEA
    ),
    "design:moderation": route(AUTHORS),
    "design:moderation-decide": route(
        AUTHORS, 302, method="POST", query={"verdict": "approved"}, public_id="waiting_idea"
    ),
    "design:author": route(AUTHORS),
    "design:draft-start": route(AUTHORS, 302, method="POST", query={"product": "-"}),
    "design:draft": route(AUTHORS, **DRAFT),
    "design:draft-save": route(AUTHORS, 302, 409, method="POST", **DRAFT),
    "design:draft-validate": route(AUTHORS, method="POST", **DRAFT),
    "design:draft-check": route(AUTHORS, 302, method="POST", **DRAFT),
    "design:draft-state": route(AUTHORS, **DRAFT),
    "design:draft-discard": route(AUTHORS, 302, 409, method="POST", **DRAFT),
    "design:draft-publish": route(AUTHORS, 302, method="POST", **DRAFT),
    "design:draft-sign": route(AUTHORS, 302, method="POST", **DRAFT),
    "design:draft-hold-back": route(AUTHORS, 302, method="POST", **DRAFT),
    "design:draft-difference": route(AUTHORS, **DRAFT),
    "design:draft-words": route(AUTHORS, **DRAFT),
    "design:draft-prices": route(AUTHORS, query={"target": "base", "percent": "3"}, **DRAFT),
    "design:draft-preview": route(AUTHORS, **DRAFT),
    "design:roll-back": route(AUTHORS, 302, method="POST", public_id="publication"),
    "design:author-product": route(AUTHORS, slug="product"),
    "design:sign-off-switch": route(ADMINISTERS, 302, method="POST", slug="product"),
    # orders
    "orders:cart": route(PUBLIC),
    "orders:add": route(PUBLIC, 302, method="POST", query={"product": "stool"}),
    "orders:line": route(
        PUBLIC, 302, 404, method="POST", query={"quantity": "9"}, line_id="cart_line"
    ),
    "orders:line-update": route(PUBLIC, 302, method="POST", line_id="cart_line"),
    "orders:address": route(PUBLIC, 200, 302),
    "orders:review": route(PUBLIC, 200, 302),
    "orders:authorise": route(OWN, reference="pledge"),
    "orders:campaigns": route(PUBLIC),
    "orders:campaigns-of": route(PUBLIC, code="shown_design"),
    "orders:campaign-start": route(AUTHORS, code="shown_design"),
    "orders:campaign": route(PUBLIC, **CAMPAIGN),
    "orders:campaign-pilot": route(
        AUTHORS, 404, method="POST", query={"unit": "none of theirs"}, **CAMPAIGN
    ),
    "orders:pledge": route(MEMBER, **CAMPAIGN),
    "orders:pledge-withdraw": route(OWN, 302, method="POST", **CAMPAIGN),
    "orders:taken": route(AUTHORS, slug="product"),
    "orders:terms": route(PUBLIC),
    "orders:imprint": route(PUBLIC),
    "orders:privacy": route(PUBLIC),
    "orders:list": route(MEMBER),
    # an account
    "account:designs": route(MEMBER),
    "account:design-rename": route(
        OWN, 302, method="POST", query={"name": "Stool"}, code="own_design"
    ),
    "account:design-remove": route(MEMBER, 404, method="POST", code="partner_design"),
    "account:mails": route(MEMBER),
    "account:refuse-mail": route(PUBLIC, 404, token="product"),  # the signed link is the key
    "account:my-data": route(MEMBER),
    "account:export": route(MEMBER),
    "account:close": route(MEMBER, 422, method="POST"),  # without the password
    "account:keep": route(MEMBER, 302, method="POST"),
    "account:find-order": route(PUBLIC),
    "account:papers": route(GRANTED, **ORDER),
    "account:confirmation": route(GRANTED, **ORDER),
    "account:confirmation-pdf": route(GRANTED, **ORDER),
    "account:credit": route(GRANTED, 200, 404, place="one", **ORDER),
    "account:credit-pdf": route(GRANTED, 200, 404, place="one", **ORDER),
    "account:change-address": route(GRANTED, **ORDER),
    "account:complain": route(GRANTED, **UNIT),
    "account:complaints": route(PLANS),
    "account:complaint-answer": route(PLANS, 404, method="POST", public_id="order"),
    "orders:simulator": route(GRANTED, reference="payment"),
    "orders:order": route(GRANTED, **ORDER),
    "orders:sheet": route(GRANTED, **ORDER),
    "orders:change": route(GRANTED, **ORDER, unit_id="unit"),
    "orders:state": route(GRANTED, **ORDER),
    "orders:invoice": route(GRANTED, **ORDER),
    "orders:invoice-pdf": route(GRANTED, **ORDER),
    "orders:cancel": route(GRANTED, 302, 409, method="POST", **ORDER),
    "orders:quote": route(GRANTED, 302, **ORDER),  # confirmed: no quote any more
    "orders:quote-pdf": route(GRANTED, 302, **ORDER),
    "orders:quote-again": route(GRANTED, 409, method="POST", **ORDER),
    "orders:pay": route(GRANTED, 302, 409, method="POST", **ORDER),
    "orders:answer": route(GRANTED, 409, method="POST", query={"answer": "decline"}, **ORDER),
    # production
    "production:pilot": route(PUBLIC, **CAMPAIGN),
    "production:unit": route(GRANTED, **UNIT),
    "production:progress": route(GRANTED, **UNIT),
    "production:events": route(GRANTED, **UNIT),
    "production:ticket": route(GRANTED, **UNIT),
    "production:my-units": route(MEMBER),
    "production:delivery-note": route(GRANTED, 404, **UNIT),  # it has not left
    "production:delivery-note-pdf": route(GRANTED, 404, **UNIT),
    "production:slip": route(GRANTED, public_id="slip"),
    "production:slip-decide": route(
        # 409: the walk has cancelled the order before
        *(GRANTED, 302, 409),
        method="POST",
        query={"decision": "wait"},
        public_id="slip",
    ),
    "production:slips": route(PLANS, query={"plant": "yard"}),
    "production:accuracy": route(PLANS, query={"plant": "yard"}),
    "production:passport": route(PUBLIC, gtin="gtin", serial="serial"),
    "production:line-schema": route(PUBLIC, name="hello"),
    "production:planner": route(PLANS, 200, 302, query=FOREIGN_BOARD),
    "production:planner-board": route(PLANS, query=FOREIGN_BOARD),
    "production:planner-unit": route(PLANS, query=FOREIGN_BOARD),
    "production:plan-now": route(PLANS, 302, method="POST", query={"plant": "yard"}),
    "production:plan-state": route(PLANS, query={"plant": "yard"}),
    "production:planner-ticket": route(PLANS, query={"plant": "yard"}),
    "production:standstills": route(PLANS, query={"plant": "yard"}),
    "production:standstill-over": route(PLANS, 302, method="POST", public_id="downtime"),
    "production:rush": route(
        PLANS, 302, 409, method="POST", query={"rush": "1"}, public_id="work_order"
    ),
    "production:hand-report": route(PLANS, 422, method="POST", public_id="work_order"),
    "production:materials": route(PLANS, query={"plant": "yard"}),
    "production:proposal-accept": route(PLANS, 302, method="POST", public_id="proposal"),
    "production:purchase-decide": route(
        PLANS, 302, method="POST", query={"act": "cancel"}, public_id="purchase"
    ),
    "production:stock-count": route(
        PLANS,
        302,
        method="POST",
        query={"plant": "yard", "act": "found", "quantity": "1", "reason": "found"},
        public_id="component",
    ),
    "production:operator": route(OPERATES, query={"plant": "yard"}),
    "production:operator-floor": route(OPERATES, query={"plant": "yard"}),
    "production:decide": route(
        OPERATES, 302, 409, method="POST", query={"decision": "made"}, public_id="work_order"
    ),
}
MODEL_PAGES = ("changelist", "add", "history", "delete", "change")


def admin_routes(names: frozenset[str]) -> dict[str, Route]:
    """Pages that Django's admin makes for each model: administrators only, by its one door."""
    found = {}
    for name in names - set(ROUTES):
        page = name.rpartition("_")[2]
        if name.startswith("admin:") and page in MODEL_PAGES:
            holds = {} if page in ("changelist", "add") else {"object_id": "one"}
            found[name] = Route(ADMIN, holds, ok=frozenset({200, 302, 403}))
    return found


def named_routes() -> Iterator[tuple[str, str]]:
    """(name, pattern) of every route; an unnamed one has the name of its namespace and None."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, space: str, path: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        at = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inner, at)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", at
