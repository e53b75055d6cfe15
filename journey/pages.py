"""A visitor's browser, as far as a journey needs one: pages, links and forms over plain HTTP.

No JavaScript: whoever can buy here can buy with any browser.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlparse

import httpx


class JourneyFailed(Exception):
    """The journey cannot go on; says where it stood and what it met."""


@dataclass(slots=True)
class Button:
    name: str
    value: str
    action: str
    method: str
    text: str = ""


@dataclass(slots=True)
class Form:
    """A form as it stands on the page: its fields with the values they would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    blocked: set[tuple[str, str]] = field(default_factory=set)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields} | set(self.options)

    def with_answers(self, answers: dict[str, str]) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in self.fields if name not in answers]
        return kept + list(answers.items())


@dataclass(slots=True)
class Page:
    url: str
    status: int
    text: str
    forms: list[Form]
    links: list[tuple[str, str]]

    def link(self, part: str) -> str:
        """The address of the first link whose address holds ``part``."""
        for href, _ in self.links:
            if part in href:
                return urljoin(self.url, href)
        raise JourneyFailed(f"{self.url} has no link to {part!r}.")

    def form(self, part: str) -> Form:
        """The first form that sends (itself or by a button) to an address holding ``part``."""
        for form in self.forms:
            if part in form.action or any(part in button.action for button in form.buttons):
                return form
        raise JourneyFailed(f"{self.url} has no form for {part!r}.")


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._url = url
        self._form: Form | None = None
        self._select: str = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "a" and "href" in values:
            self.links.append((values["href"], ""))
        elif tag == "form":
            action = urljoin(self._url, values.get("action") or self._url)
            self._form = Form(action=action, method=values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, values)

    def _field(self, form: Form, tag: str, values: dict[str, str]) -> None:
        name = values.get("name", "")
        if tag == "input":
            _read_input(form, name, values)
        elif tag == "button":
            form.buttons.append(
                Button(
                    name=name,
                    value=values.get("value", ""),
                    action=urljoin(self._url, values.get("formaction") or form.action),
                    method=values.get("formmethod", form.method).lower(),
                )
            )
        elif tag == "textarea" and name:
            form.fields.append((name, ""))
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            known = form.options.setdefault(self._select, [])
            known.append(values.get("value", ""))
            if "selected" in values or len(known) == 1:
                form.fields = [f for f in form.fields if f[0] != self._select]
                form.fields.append((self._select, values.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(data.strip())
            if self._form is not None and self._form.buttons:
                last = self._form.buttons[-1]
                last.text = last.text or data.strip()


def _read_input(form: Form, name: str, values: dict[str, str]) -> None:
    kind = values.get("type", "text")
    if not name or kind in ("submit", "reset", "button", "image"):
        return
    if kind in ("radio", "checkbox"):
        value = values.get("value", "on")
        form.options.setdefault(name, []).append(value)
        if values.get("aria-disabled") == "true":
            form.blocked.add((name, value))
        if "checked" not in values:
            return
        form.fields.append((name, value))
        return
    form.fields.append((name, values.get("value", "")))


class Visitor:
    """Opens pages and sends forms, with cookies, as one browser would."""

    def __init__(self, url: str, *, language: str = "en") -> None:
        self.base = url.rstrip("/")
        self.client = httpx.Client(
            follow_redirects=True,
            timeout=20,
            trust_env=False,
            headers={"Accept-Language": language, "User-Agent": "cosmo-journey/1"},
        )

    def open(self, address: str) -> Page:
        return self._page(self.client.get(urljoin(self.base + "/", address)))

    def send(self, form: Form, answers: dict[str, str], *, button: Button | None = None) -> Page:
        pairs = form.with_answers(answers)
        if button is not None and button.name:
            pairs.append((button.name, button.value))
        action = button.action if button else form.action
        method = button.method if button else form.method
        if method == "post":
            body = httpx.QueryParams(tuple(pairs))
            headers = {
                "Referer": form.action,
                "Origin": _origin(action),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            return self._page(self.client.post(action, content=str(body), headers=headers))
        return self._page(self.client.get(action, params=httpx.QueryParams(tuple(pairs))))

    def json(self, address: str) -> dict[str, object]:
        answer = self.client.get(urljoin(self.base + "/", address))
        if answer.status_code != 200:
            raise JourneyFailed(f"{address} answered {answer.status_code}.")
        found = answer.json()
        if not isinstance(found, dict):
            raise JourneyFailed(f"{address} answered no object.")
        return found

    def _page(self, answer: httpx.Response) -> Page:
        reader = _Reader(str(answer.url))
        reader.feed(answer.text)
        # 409 and 422 are pages that ask again, with what changed; anything else is an end.
        if answer.status_code >= 400 and answer.status_code not in (409, 422):
            words = " ".join(reader.words)[:400]
            raise JourneyFailed(f"{answer.url} answered {answer.status_code}: {words}")
        return Page(
            url=str(answer.url),
            status=answer.status_code,
            text=" ".join(reader.words),
            forms=reader.forms,
            links=reader.links,
        )


def _origin(address: str) -> str:
    parts = urlparse(address)
    return f"{parts.scheme}://{parts.netloc}"
