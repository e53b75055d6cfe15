"""``{% icon "truck" %}``, known in every template: a symbol of ``static/icons/sprite.svg``.

A page has dozens, and most are the same everywhere: each is written once a process.
"""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

KEPT = 2048  # icons with their labels

register = template.Library()


@register.simple_tag
def icon(
    name: str, *, label: str = "", size: str = "", directional: bool = False, look: str = ""
) -> SafeString:
    """A symbol as SVG.

    Args:
        label: Its name, where it stands alone; without one it is there for the eye only.
        size: ``l`` for a large one.
        directional: It points somewhere, so it is mirrored where text runs from right to left.
        look: More classes.
    """
    return _written(str(name), str(label), size, directional, look)


@lru_cache(maxsize=KEPT, typed=True)  # what is safe already is no other text
def _written(name: str, label: str, size: str, directional: bool, look: str) -> SafeString:
    classes = ["icon", f"icon-{size}" if size else "", "icon-directional" if directional else ""]
    return format_html(
        '<svg class="{}"{} focusable="false"><use href="{}#{}"></use></svg>',
        " ".join(one for one in (*classes, look) if one),
        format_html(' role="img" aria-label="{}"', label)
        if label
        else format_html(' aria-hidden="{}"', "true"),
        static("icons/sprite.svg"),
        name,
    )
