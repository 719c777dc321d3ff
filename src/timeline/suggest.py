"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def close_to(word: str, known: Iterable[str], cutoff: float = 0.75) -> list[str]:
    """Up to three known words that look like this one, the likest first."""
    import difflib

    return difflib.get_close_matches(word, list(known), n=3, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known words, or all of them where none is close."""
    known = list(known)
    close = close_to(word, known, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"
