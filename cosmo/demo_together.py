"""What people have made together in the demo: designs they show, ideas, a campaign under way.

All of these people are made up. Nothing is written twice: whoever has a name here already stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from design.compile import compiled_offer
from design.lifecycle import IdeaStage
from design.models import Contributor, DesignRevision, GalleryEntry, Idea, Product
from design.rules import check_choices
from design.selectors.presets import preset_choices
from design.services.comments import write_comment
from design.services.designs import save_design
from design.services.gallery import publish_entry
from design.services.ideas import move_idea, write_idea
from design.services.votes import cast_vote
from orders.payments.simulated_authorisations import decide_authorisation
from orders.services.campaigns import open_campaign
from orders.services.checkout import Contact
from orders.services.pledges import settle_pledge, start_pledge

PEOPLE = ("Lotte Brandt", "Imre Kovács", "Noor Haddad", "沈若溪", "Tomás Rivera", "Aino Laine")
DESIGNER = "Mika Sørensen"


@dataclass(frozen=True, slots=True)
class Shown:
    """A design of the gallery: a preset with a few other answers, by one of ``PEOPLE``.

    Attributes:
        start: Title of the shown design it was started from.
    """

    by: int
    product: str
    preset: str
    title: str
    story: str
    changes: Mapping[str, str] = field(default_factory=dict)
    votes: int = 0
    start: str = ""


DESIGNS: Sequence[Shown] = (
    Shown(
        *(0, "refrigerator", "family", "The one for five of us"),
        "Two teenagers and a grandmother. The snack drawer is at the height of the smallest.",
        votes=4,
    ),
    Shown(
        *(1, "refrigerator", "compact", "Small kitchen, big soup pot"),
        "Sixty centimetres was all there was. The pot fits, I have tried.",
        votes=2,
    ),
    Shown(
        *(3, "refrigerator", "compact", "老房子的小冰箱"),
        "厨房只有四平方米，颜色跟窗外的梧桐一样。",
        {"colour": "cream"},
        votes=3,
        start="Small kitchen, big soup pot",
    ),
    Shown(
        *(4, "refrigerator", "host", "Midnight, for guests who stay"),
        "Brass was my mother's idea. She was right.",
        votes=5,
    ),
    Shown(
        *(2, "shelf", "sideboard", "Under the window"),
        "Low enough for the cat to look out.",
        votes=3,
    ),
    Shown(
        *(5, "shelf", "library", "Every book I kept"),
        "We counted: eleven metres. There is room for two more.",
        votes=4,
    ),
    Shown(*(0, "shelf", "playroom", "A wall for building blocks"), "It has held a child.", votes=1),
    Shown(
        *(4, "bicycle-frame", "tourer", "To the sea and back"),
        "Four hundred kilometres, two bags, no hurry.",
        votes=3,
    ),
)
COMMENTS = (
    ("The one for five of us", 2, "The snack drawer! Ours would be empty by noon."),
    ("The one for five of us", 5, "Does the water taste of anything?"),
    ("Midnight, for guests who stay", 3, "黄铜真好看。"),
    ("Under the window", 1, "Mine has a dog on it now. It holds."),
)
IDEAS = (
    (
        5,
        "shelf",
        "A bench to put shoes on in the hall",
        "Somewhere to sit while you tie your shoes, with room below for six pairs and a drawer for "
        "keys. Low, and not deeper than 35 cm: our hall is narrow.",
        (0, 1, 2, 3),
    ),
    (
        2,
        "refrigerator",
        "A fridge that a person in a wheelchair can use alone",
        "Everything between 40 and 120 cm, the door opening all the way, no handle that needs a "
        "strong wrist.",
        (0, 1, 3, 4),
    ),
    (1, "", "A workbench that folds into the wall", "For a flat with a balcony and no cellar.", ()),
)
CAMPAIGN = "Small kitchen, big soup pot"


def seed_together() -> int:
    """Make it once; how many designs were shown now (none where there are some already)."""
    products = {product.slug: product for product in _products()}
    if GalleryEntry.objects.exists() or not {one.product for one in DESIGNS} <= set(products):
        return 0
    with transaction.atomic():
        people = [_person(number, name) for number, name in enumerate(PEOPLE)]
        entries: dict[str, GalleryEntry] = {}
        for one in DESIGNS:
            entries[one.title] = _show(one, products[one.product], people, entries)
        for title, by, text in COMMENTS:
            write_comment(about_id=entries[title].pk, user=people[by], text=text)
        designer = _designer(products["shelf"])
        _write_ideas(people, products, designer)
    _open_campaign(entries[CAMPAIGN], designer, people)
    return len(entries)


def _products() -> Sequence[Product]:
    published = Product.objects.filter(published_offer__isnull=False)
    return list(published.select_related("published_offer", "organisation"))


def _person(number: int, name: str) -> User:
    return _known(f"neighbour{number + 1}@cosmo.example", name)


def _known(email: str, name: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    Contributor.objects.get_or_create(user=user, defaults={"name": name, "is_known": True})
    return user


def _designer(product: Product) -> User:
    """The demo's account for a designer: whoever signs in with it goes on with what was begun."""
    user = _known("designer@cosmo.example", DESIGNER)
    Membership.objects.get_or_create(
        user=user, organisation=product.organisation, role=Role.DESIGNER
    )
    return user


def _show(
    one: Shown, product: Product, people: Sequence[User], known: Mapping[str, GalleryEntry]
) -> GalleryEntry:
    offer = product.published_offer
    assert offer is not None  # noqa: S101 - published ones were asked for
    compiled = compiled_offer(offer)
    preset = next(p for p in compiled.document["presets"] if p["id"] == one.preset)
    raw = {name: [answer] for name, answer in one.changes.items()}
    choices = {**preset_choices(compiled, preset), **check_choices(compiled.model, raw)}
    saved = save_design(
        offer=offer,
        choices=choices,
        owner=people[one.by],
        name=one.title,
        forked_from=known[one.start].revision if one.start else None,
    )
    entry = publish_entry(
        revision=_reread(saved), user=people[one.by], title=one.title, story=one.story
    )
    for voter in [person for person in people if person != people[one.by]][: one.votes]:
        cast_vote(contribution_id=entry.pk, user=voter, is_for=True)
    return entry


def _reread(revision: DesignRevision) -> DesignRevision:
    return DesignRevision.objects.select_related(
        "offer", "design__product__published_texts", "design__product__organisation"
    ).get(pk=revision.pk)


def _write_ideas(people: Sequence[User], products: Mapping[str, Product], designer: User) -> None:
    written: list[Idea] = []
    for by, slug, title, text, voters in IDEAS:
        idea = write_idea(user=people[by], title=title, text=text, product=products.get(slug))
        for voter in voters:
            cast_vote(contribution_id=idea.pk, user=people[voter], is_for=True)
        written.append(idea)
    move_idea(idea_id=written[0].pk, user=designer, target=IdeaStage.TAKEN_UP)


def _open_campaign(entry: GalleryEntry, designer: User, people: Sequence[User]) -> None:
    campaign = open_campaign(
        revision=_reread(entry.revision),
        owner=designer,
        title="The small-kitchen fridge",
        text="Imre's compact fridge asks for a set-up of its own, so one alone is dear to make. "
        "If twenty of us want it, the plant sets up once and everybody pays less.",
        minimum=20,
        maximum=60,
        closes_at=real_now() + timedelta(days=21),
        ladder=[(20, Decimal(5)), (40, Decimal(10))],
    )
    for number, user in enumerate(people[1:]):
        facts: dict[str, Any] = {"campaign_id": campaign.pk, "user": user, "quantity": 1}
        started = start_pledge(contact=_contact(number, user), language="en", **facts)
        if started is not None:
            decide_authorisation(reference=started.reference, choice="accept")
            settle_pledge(pledge_id=campaign.pledges.get(reference=started.reference).pk)


def _contact(number: int, user: User) -> Contact:
    return Contact(
        email=user.email,
        name=user.contributor.name,
        street=f"Lindenstraße {number + 1}",
        postal_code="10969",
        city="Berlin",
        country="DE",
    )
