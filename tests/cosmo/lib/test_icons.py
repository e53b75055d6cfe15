"""``{% icon %}``: one symbol, for the eye or with a name."""

from django.template import Context, Template
from django.utils.safestring import mark_safe


def _written(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_an_icon_beside_words_is_hidden_from_those_who_hear_the_page() -> None:
    assert _written('{% icon "truck" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons/sprite.svg#truck"></use></svg>'
    )


def test_an_icon_alone_says_its_name_once_escaped() -> None:
    for label in ("Undo & <go>", mark_safe("Undo &amp; &lt;go&gt;")):
        shown = _written('{% icon "undo" label=it directional=True %}', it=label)
        assert (
            'class="icon icon-directional" role="img" aria-label="Undo &amp; &lt;go&gt;"' in shown
        )
        assert "aria-hidden" not in shown


def test_size_and_look_are_classes() -> None:
    assert 'class="icon icon-l is-bad"' in _written('{% icon "cross" size="l" look="is-bad" %}')
