"""The canonical form of an answer, over which its digest is taken (RFC 8785)."""

from __future__ import annotations

from typing import Any

import orjson

# The largest whole number that JSON readers keep exact, and RFC 8785 allows.
_EXACT = 2**53 - 1


def canonical(answer: dict[str, Any]) -> bytes:
    """The RFC 8785 form.

    It says how keys sort and how numbers with a fraction are written. An answer that has
    neither such numbers nor keys beyond ASCII is written the same by any sorted,
    compact writer, and nearly all are like that.
    """
    if _is_plain(answer):
        return orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
    import rfc8785

    return rfc8785.dumps(answer)


def _is_plain(answer: dict[str, Any]) -> bool:
    waiting: list[Any] = [answer]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if not "".join(value).isascii():
                return False
            waiting += [each for each in value.values() if type(each) is not str]
        elif isinstance(value, list):
            waiting += [each for each in value if type(each) is not str]
        elif isinstance(value, int):
            if not -_EXACT <= value <= _EXACT:
                return False
        elif value is not None and not isinstance(value, str):
            return False
    return True
