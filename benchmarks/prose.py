"""Words to fill records with."""

from __future__ import annotations

import random

_TEXT = (
    "the desk has seen the memo and spoken to two people who know of it; the company did not "
    "answer in time; the day is that of the announcement and not of the paper that tells of it; "
    "a second source puts it a day later and is kept beside this one; 报道称 此事 已获 确认"
)
_WORDS = _TEXT.split()
# Joined once, so that a piece of prose of any length is one cut.
_LONG = " ".join(random.Random(1).choices(_WORDS, k=20_000))


def prose(chance: random.Random, length: int) -> str:
    """Some words, of about `length` characters."""
    start = chance.randrange(len(_LONG) - length)
    return _LONG[start : start + length].strip()
