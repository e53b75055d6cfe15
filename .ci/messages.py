#!/usr/bin/env python
"""Messages of code, templates and documents against the translations, without gettext's programs.

.ci/messages.py update    write new messages into locale/*/LC_MESSAGES/django.po
.ci/messages.py check     fail when one is missing, empty, fuzzy or breaks its placeholders

Simplified Chinese is complete. Arabic is complete for those who buy: what stands only in the places
of STAFF may stay English there.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize, to_locale

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosmo.settings")
ROOMS = ("cosmo", "design", "orders", "production")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*\}")
PARTIAL = frozenset({"ar"})
STAFF = re.compile(
    r"templates/(styleguide|admin/|moderation"
    r"|design/(author|moderat)|design/partials/(author_|taken|moderat)"
    r"|orders/(partials/)?(taken|quote_price|moderat)"
    r"|production/(accuracy|materials|operator|planner|slips|standstills)"
    r"|production/partials/(accuracy_|operator_|planner_|reports_))"
    r"|cosmo/(accounts/roles|invariants)"
    r"|design/selectors/(draft|finding_words|authoring|take_rate|moderat)"
    r"|design/services/(drafts|publishing|checking|importing|moderat)"
    r"|design/views/(author|moderat)"
    r"|production/(forms|views/(board|materials|operator|planner|slips|standstills))"
    r"|production/selectors/materials_page"
    r"|production/services/(downtimes|hand_reports|materials/|rush)"
)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Sentence")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def extract_all() -> Catalog:
    """Every message of the source, with the files it stands in."""
    catalog = Catalog(domain="django", charset="utf-8")
    for path, text in _sources():
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            marked = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.strip() for line in marked.splitlines())


def _po(language: str) -> Path:
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def _read(language: str) -> Catalog:
    path = _po(language)
    if not path.exists():
        return Catalog(locale=to_locale(language), domain="django", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=to_locale(language), domain="django")


def update() -> int:
    template = extract_all()
    for language in _languages():
        catalog = _read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.fuzzy = False  # a fuzzy head makes the compiler skip the whole language
        _po(language).parent.mkdir(parents=True, exist_ok=True)
        with _po(language).open("wb") as stream:
            write_po(stream, catalog, width=100, sort_output=True, include_lineno=False)
        sys.stdout.write(f"{language}: {len(catalog)} messages\n")
    return 0


def check() -> int:
    template = extract_all()
    troubles = [line for language in _languages() for line in _troubles(language, template)]
    sys.stdout.writelines(f"{line}\n" for line in troubles)
    return 1 if troubles else 0


def _troubles(language: str, template: Catalog) -> Iterator[str]:
    catalog = _read(language)
    if catalog.fuzzy:
        yield f"{language}: the head of {_po(language).name} is marked fuzzy; nothing is compiled"
    for wanted in template:
        if not wanted.id:
            continue
        if isinstance(wanted.id, tuple) and _lacks_number(wanted.id):
            yield f"{language}: {wanted.id!r} needs the same placeholders in both; nothing compiles"
        found = catalog.get(wanted.id, wanted.context)
        places = sorted({name for name, _ in wanted.locations})
        where = ", ".join(places)
        forms = (
            found.string if found and isinstance(found.string, tuple) else (found and found.string,)
        )
        if found is None or not all(forms):
            if language in PARTIAL and not any(forms) and all(map(STAFF.match, places)):
                continue
            yield f"{language}: {wanted.id!r} is not translated ({where})"
        elif found.fuzzy:
            yield f"{language}: {wanted.id!r} is marked fuzzy ({where})"
        elif problem := _broken_placeholder(wanted.id, forms):
            yield f"{language}: {wanted.id!r} {problem} ({where})"


def _broken_placeholder(source: object, forms: tuple[object, ...]) -> str:
    """A placeholder that the source has not, or that every form lost."""
    wanted = _placeholders(source if isinstance(source, tuple) else (source,))
    given = _placeholders(forms)
    if wanted == given:
        return ""
    return f"has placeholders {sorted(wanted)}, the translation {sorted(given)}"


def _lacks_number(forms: tuple[str, ...]) -> bool:
    """Whether the compiler refuses what a language with one form has to say."""
    singular = _placeholders(forms[:1])
    return bool(singular) and singular != _placeholders(forms)


def _placeholders(texts: tuple[object, ...]) -> set[str]:
    return {name for text in texts for name in PLACEHOLDER.findall(str(text))}


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
