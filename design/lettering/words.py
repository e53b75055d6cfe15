"""Words that are not cut into a product, however they are written.

A short list of the house: what insults people for what they are, and the coarsest swearing, in
English and Chinese. A product adds its own (``refused_words``). English is compared word by word,
so that Scunthorpe and Essex pass; Chinese has no gaps and is compared piece by piece.
"""

import re
import unicodedata
from collections.abc import Iterable

_ENGLISH = frozenset(
    (
        "arsehole", "asshole", "bastard", "bitch", "bollocks", "bullshit", "chink", "cocksucker",
        "coon", "cunt", "dickhead", "fag", "faggot", "fuck", "fucker", "fucking", "gook", "hitler",
        "kike", "kkk", "motherfucker", "nazi", "nigga", "nigger", "paki", "piss", "pissoff",
        "prick", "pussy", "raghead", "rapist", "retard", "shit", "shithead", "slut", "spastic",
        "spic", "tits", "tranny", "twat", "wank", "wanker", "wetback", "whore", "wog",
    )
)  # fmt: skip
_PIECES = (
    "siegheil", "操你妈", "肏", "草泥马", "傻逼", "傻屄", "煞笔", "妈逼", "妈的逼", "他妈的",
    "你妈的", "婊子", "贱人", "狗娘养", "王八蛋", "鸡巴", "支那", "黑鬼", "小日本", "鬼子", "强奸",
    "纳粹", "希特勒",
)  # fmt: skip
_LEET = str.maketrans("0134578@$!|€+¡", "oieastbasiiet" + "i")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+")


def is_refused(text: str, more: Iterable[str] = ()) -> bool:
    """Whether ``text`` says a refused word: in capitals, with accents, spaced, or as l33t."""
    plain = _folded(text)
    own = {_folded(word) for word in more if word}
    latin = {word for word in own if _LATIN.fullmatch(word)}
    squeezed = "".join(sign for sign in plain if sign.isalnum())
    if any(piece in squeezed for piece in {*_PIECES, *(own - latin)}):
        return True
    refused = _ENGLISH | latin
    return any(_is_word(word, refused) for word in _words(plain))


def _words(plain: str) -> set[str]:
    """Words as they stand and as l33t; letters spaced out are one word."""
    found = set()
    for read in (plain, plain.translate(_LEET)):
        words = _LETTERS.findall(read)
        found.update(words)
        found.update(_LETTERS.findall(re.sub(r"[.\-_*'’]", "", read)))
        if len(words) > 1 and all(len(word) == 1 for word in words):
            found.add("".join(words))
    return found


def _is_word(word: str, refused: frozenset[str]) -> bool:
    return any(
        one in refused for said in (word, re.sub(r"(.)\1+", r"\1", word)) for one in _forms(said)
    )


def _forms(word: str) -> set[str]:
    """The word, and without an ending: plurals and the like."""
    endings = ("s", "es", "ed", "er", "ers", "ing")
    return {word, *(word.removesuffix(end) for end in endings if word.endswith(end))}


def _folded(text: str) -> str:
    """Small letters without accents, wide forms narrow; Chinese stays."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
