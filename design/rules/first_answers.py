"""The answers to the first clicks, worked out once and kept as bytes.

For models too large for a diagram: every shopper starts from the same few states, and what is known
of them bounds what has to be asked later.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from zipfile import BadZipFile

import numpy as np

from .answer_table import Truths
from .features import ChoiceValue, Feature
from .model import Model

First = Sequence[tuple[dict[str, ChoiceValue], Truths]]
"""Choices (none, or one) with all answers that are possible then, in the order of the table."""


class FirstAnswersInvalid(ValueError):
    """Bytes that are no first answers of this model."""


def first_clicks(model: Model, seconds: float) -> Iterator[dict[str, ChoiceValue]]:
    """No choice, then each single one, until the time is up; numbers of intervals are too many."""
    until = monotonic() + seconds
    yield {}
    for feature in model.features:
        for value in _few_answers(feature):
            if monotonic() > until:
                return
            yield {feature.id: value}


def _few_answers(feature: Feature) -> Sequence[ChoiceValue]:
    if feature.kind == "multi" or feature.is_scaled:
        return ()
    return feature.domain


def packed(first: First) -> bytes:
    store = io.BytesIO()
    choices = json.dumps([list(chosen.items()) for chosen, _ in first]).encode()
    found = np.array([truths for _, truths in first], dtype=np.bool_)
    np.savez_compressed(
        store,
        choices=np.frombuffer(choices, dtype=np.uint8),
        found=np.packbits(found, axis=1),
        width=np.array([found.shape[1]]),
    )
    return store.getvalue()


def unpacked(stored: bytes, features: Mapping[str, Feature], width: int) -> First:
    """The first answers of a model whose table has ``width`` answers.

    Raises:
        FirstAnswersInvalid: they are damaged, or of another model.
    """
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            choices = [dict(entry) for entry in json.loads(arrays["choices"].tobytes())]
            found = np.unpackbits(arrays["found"], axis=1, count=width).astype(np.bool_)
            fits = int(arrays["width"][0]) == width and len(choices) == len(found)
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile) as error:
        raise FirstAnswersInvalid(f"The first answers cannot be read: {error}.") from error
    if not fits or any(name not in features for chosen in choices for name in chosen):
        raise FirstAnswersInvalid("The first answers are of another model.")
    return list(zip(choices, found, strict=True))
