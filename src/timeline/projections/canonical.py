"""The canonical form of an answer, over which its digest is taken (RFC 8785)."""

from __future__ import annotations

from collections.abc import Iterable
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


def _is_plain(value: Any) -> bool:
    match value:
        case str() | bool() | None:
            return True
        case int():
            return -_EXACT <= value <= _EXACT
        case dict():
            return "".join(value).isascii() and _are_plain(value.values())
        case list():
            return _are_plain(value)
        case _:
            return False


def _are_plain(values: Iterable[Any]) -> bool:
    return all(_is_plain(value) for value in values if type(value) is not str)
