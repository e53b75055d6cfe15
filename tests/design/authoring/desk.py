"""An author's desk: a stool on sale with its files, people who write and sign, drafts."""

from pathlib import Path
from typing import Any

import yaml

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from design.drafting.writing import write_document
from design.models import Draft, DraftCheck
from design.services.checking import ask_check, run_check
from design.services.drafts import save_draft, start_draft
from production.services.catalogue import publish_folder
from tests.factories.documents import ENGINEERING, OFFER, PLANT
from tests.factories.production import make_factory
from tests.factories.shop import STOOL

WORDS: dict[str, Any] = {
    "format": "cosmo-texts/1",
    "language": "en",
    "product": {"name": "Stool", "tagline": "Sits", "description": "A stool."},
    "groups": {"body": "Body"},
    "features": {
        "size": {"name": "Size", "options": {"small": {"name": "S"}, "large": {"name": "L"}}},
        "colour": {
            "name": "Colour",
            "options": {"white": {"name": "W"}, "black": {"name": "B"}, "red": {"name": "R"}},
        },
        "engraving": {"name": "Engraving"},
        "name": {"name": "Name", "options": {"none": {"name": "No"}, "below": {"name": "Below"}}},
    },
    "rules": {"R1": "Large ones are not red.", "R2": "A name needs a text."},
    "presets": {"bar": {"name": "Bar", "reason": "High."}},
    "components": {"LEG": "Leg", "SEAT": "Seat", "PLATE": "Plate"},
    "operations": {
        "saw": "Saw",
        "paint": "Paint",
        "engrave": "Engrave",
        "check": "Check",
        "pack": "Pack",
    },
}
FREEZES = {"freezes": ["size", "name"]}
NEW_PRICE = '  base: "100"'


def stool_files(**offer: Any) -> dict[str, str]:
    """The stool's folder, with some members of the offer replaced."""
    routing = [{**ENGINEERING["routing"][0], **FREEZES}, *ENGINEERING["routing"][1:]]
    return {
        "offer.yaml": write_document({**OFFER, **STOOL, **offer}),
        "engineering.yaml": write_document({**ENGINEERING, "routing": routing}),
        "texts/en.yaml": write_document(WORDS),
    }


def put_on_sale(folder: Path, **offer: Any) -> None:
    """The stool, loaded from a folder as ``load_catalogue`` does, with its plant."""
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for name, text in stool_files(**offer).items():
        (folder / name).write_text(text)
    (folder / "plant.yaml").write_text(yaml.safe_dump(PLANT))
    publish_folder(folder, make_factory())


def make_person(name: str, role: Role | None = Role.AUTHOR, slug: str = "factory") -> User:
    user = User.objects.create_user(f"{name}@example.org")
    if role is not None:
        Membership.objects.create(user=user, organisation=make_factory(slug), role=role)
    return user


def make_draft(author: User | None = None, **changed: str) -> Draft:
    """A draft of the stool; ``changed`` are pairs of old and new text in the offer."""
    author = author or User.objects.filter(email="ada@example.org").first() or make_person("ada")
    return start_draft(organisation=make_factory(), author=author, slug="stool")


def rewrite(draft: Draft, old: str, new: str, name: str = "offer.yaml") -> Draft:
    """Save the draft with a piece of a file replaced."""
    text = draft.files[name]
    assert old in text, text
    files = {name: text.replace(old, new, 1)}
    return save_draft(draft_id=draft.pk, version=draft.version, editor=draft.author, files=files)


def check(draft: Draft) -> DraftCheck:
    """Ask for a check and do all of it."""
    asked = ask_check(draft_id=draft.pk)
    while run_check(check_id=asked.pk):
        pass
    asked.refresh_from_db()
    draft.refresh_from_db()
    return asked
