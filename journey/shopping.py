"""From the home page to a paid order, by the forms anybody sees."""

import re
from dataclasses import dataclass

from journey.pages import Button, Form, JourneyFailed, Page, Visitor

STUDIO_OWN = {"was", "by", "product", "csrfmiddlewaretoken"}
REVIEWS = 5  # plant time runs fast in a demonstration: a day may pass while one reads
ADDRESS = {
    "email": "visitor@example.org",
    "name": "Vera Visitor",
    "street": "Seestraße 1",
    "postal_code": "12345",
    "city": "Berlin",
    "phone": "",
}


@dataclass(frozen=True, slots=True)
class Bought:
    """What the visitor holds in the end.

    Attributes:
        design: Code of the saved design; its short link opens it anywhere.
        price: As said on the review page, gross, e.g. "1810.00".
        promised: Day of delivery as said on the review page, ISO.
    """

    design: str
    order: str
    order_url: str
    price: str
    promised: str


def find_studio(visitor: Visitor) -> Page:
    home = visitor.open("/")
    address = home.link("/products/")
    if "/studio/" in address:
        return visitor.open(address)
    return visitor.open(visitor.open(address).link("/studio/"))


def choose(visitor: Visitor, studio: Page, *, clicks: int) -> tuple[Page, list[str]]:
    """Answer some questions with another possible answer, one form after the other."""
    chosen = []
    for number in range(clicks):
        form = studio.form("/studio/")
        answer = _another_answer(form, skip=number)
        if answer is None:
            break
        name, value = answer
        after = visitor.send(form, {name: value}, button=_own_button(form))
        if (name, value) in after.form("/studio/").fields:
            chosen.append(f"{name}={value}")
        studio = after
    if not chosen:
        raise JourneyFailed(f"No answer could be changed at {studio.url}.")
    return studio, chosen


def _another_answer(form: Form, *, skip: int) -> tuple[str, str] | None:
    """A possible answer that is not chosen now, of the ``skip``-th question that has one."""
    now = set(form.fields)
    several = {n for n in form.options if (n, "") in now}  # check boxes carry an empty marker
    open_questions = []
    for name, values in form.options.items():
        if name in STUDIO_OWN or name in several:
            continue
        free = [v for v in values if (name, v) not in now and (name, v) not in form.blocked]
        if free:
            open_questions.append((name, free[-1]))
    return open_questions[skip % len(open_questions)] if open_questions else None


def _own_button(form: Form) -> Button | None:
    return next((b for b in form.buttons if b.action == form.action), None)


def save_and_share(visitor: Visitor, studio: Page) -> tuple[str, Page]:
    form = studio.form("/save/")
    button = next(b for b in form.buttons if "/save/" in b.action)
    saved = visitor.send(form, {}, button=button)
    found = re.search(r"/d/([a-z0-9]+)/", saved.url)
    if found is None:
        raise JourneyFailed(f"Saving led to {saved.url}, which is no short link.")
    return found.group(1), saved


def buy(visitor: Visitor, saved: Page, design: str) -> Bought:
    """Cart, address, review, simulated payment."""
    cart = visitor.send(saved.form("/cart/add/"), {})
    address = visitor.open(cart.link("/checkout/"))
    review = visitor.send(_form_with(address, "email"), ADDRESS)
    paying, sent = _order(visitor, review)
    pay = next((f for f in paying.forms if any(b.value == "accept" for b in f.buttons)), None)
    if pay is None:
        raise JourneyFailed(f"{paying.url} offers no way to pay.")
    accept = next(b for b in pay.buttons if b.value == "accept")
    order = visitor.send(pay, {}, button=accept)
    number = re.search(r"C-\d{4}-\d{6}", order.text)
    if number is None:
        raise JourneyFailed(f"{order.url} names no order number.")
    return Bought(
        design=design,
        order=number.group(0),
        order_url=order.url,
        price=sent["said_total"],
        promised=sent["said_date"],
    )


def _order(visitor: Visitor, review: Page) -> tuple[Page, dict[str, str]]:
    """Send the review; where the day moved meanwhile the page says so and asks again."""
    page = review
    for _ in range(REVIEWS):
        form = _form_with(page, "checkout_key")
        sent = dict(form.fields)
        page = visitor.send(form, {"terms": "on"})
        if "/pay/" in page.url:
            return page, sent
    raise JourneyFailed(f"The review was not accepted {REVIEWS} times: {page.text[:300]}")


def _form_with(page: Page, name: str) -> Form:
    for form in page.forms:
        if name in form.names():
            return form
    raise JourneyFailed(f"{page.url} has no form with {name!r}.")


def unit_addresses(visitor: Visitor, order_url: str) -> list[str]:
    page = visitor.open(order_url)
    return sorted({href for href, _ in page.links if re.search(r"/units/[0-9a-f-]{36}/$", href)})
