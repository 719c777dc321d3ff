"""Names as people write them: whether two are the same, or nearly.

`Junyang Lin`, `Lin, Junyang` and `LIN Jun-yang` are the same name, and so are `José` and
`jose`. Nothing here is specific to a language; any script is compared as written.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from difflib import SequenceMatcher

How = Literal["name", "part", "close"]

# Letters that Unicode does not decompose into a letter and its accent.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})

# Combining marks that make another letter of one: Indic dots and killers, kana voicing.
_LETTERS = frozenset({0, 7, 8, 9})

# The least similarity, from 0 to 1, of close names.
_CUTOFF = 0.75


class NameMatch(NamedTuple):
    """How a name matches a query; of two matches of one kind, the higher degree is the better."""

    how: How
    degree: float


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, normalised for case, accents, width and punctuation.

    A name of punctuation or symbols alone, such as an emoji, is one word.
    """
    apart = unicodedata.normalize("NFKD", text)
    kept = (c for c in apart if unicodedata.combining(c) in _LETTERS)
    plain = "".join(kept).casefold().translate(_PLAIN)
    spaced = "".join(map(_letter_or_space, unicodedata.normalize("NFKC", plain)))
    return tuple(spaced.split()) or ((plain.strip(),) if plain.strip() else ())


def _letter_or_space(character: str) -> str:
    if character.isalnum():
        return character
    category = unicodedata.category(character)
    if category == "Cf" or character in "'’ʼ`":
        return ""
    return character if category in ("Mn", "Mc") else " "


def same_as(name: str) -> tuple[str, ...]:
    """Keys of a name: two names are the same (`NameQuery.same`) if and only if they share one."""
    words = words_of(name)
    written = f"as written: {_verbatim(name)}"
    if not words:
        return (written,)
    return written, f"in words: {' '.join(sorted(words))}", f"joined: {''.join(words)}"


class NameQuery:
    """A name to search for."""

    def __init__(self, text: str):
        from difflib import SequenceMatcher

        self._text = _verbatim(text)
        self._words = words_of(text)
        self._joined = "".join(self._words)
        self._whole = SequenceMatcher(autojunk=False, b="".join(sorted(self._words)))
        self._each = [SequenceMatcher(autojunk=False, b=word) for word in self._words]

    def same(self, name: str) -> NameMatch | None:
        """A match if `name` has the same words, in any order."""
        if self._text == _verbatim(name):
            return NameMatch("name", 2)
        words = words_of(name)
        if words and sorted(words) == sorted(self._words):
            return NameMatch("name", 1)
        return NameMatch("name", 0) if words and "".join(words) == self._joined else None

    def likeness(self, name: str) -> NameMatch | None:
        """How a name matches; None if it does not.

        A name that is not the same is a `part` match if it contains the query, and `close` if
        it is spelled nearly like it.
        """
        words = words_of(name)
        if (same := self.same(name)) or not words or not self._words:
            return same
        joined = "".join(words)
        if all(word in joined for word in self._words):
            return NameMatch("part", len(self._joined) / len(joined))
        alike = self._alike(words)
        return NameMatch("close", alike) if alike else None

    def _alike(self, words: tuple[str, ...]) -> float:
        """The similarity of the whole names, or word by word if higher; 0 if too low."""
        whole = _ratio(self._whole, "".join(sorted(words)))
        by_word = min(max(_ratio(sought, word) for word in words) for sought in self._each)
        return max(whole, by_word * min(1, len(self._joined) / len("".join(words))))


def _verbatim(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()


def _ratio(sought: SequenceMatcher[str], word: str) -> float:
    """The similarity of two words, from 0 to 1; 0 if too low for a close match."""
    # Of three or four characters that are not Latin, each may be a syllable: one may differ.
    cutoff = 0.6 if 3 <= len(word) <= 4 and not word.isascii() else _CUTOFF
    sought.set_seq1(word)
    for bound in (sought.real_quick_ratio, sought.quick_ratio):
        if bound() < cutoff:
            return 0
    ratio = sought.ratio()
    return ratio if ratio >= cutoff else 0
