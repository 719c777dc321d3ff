"""The canonical form of an answer, over which its digest is taken (RFC 8785)."""

from __future__ import annotations

import re
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

# The end of a number with a fraction, or with an exponent, and a key beyond ASCII from there
# on. Text may look like either. Each begins with what is rare, so that it is soon searched for.
_FRACTION = re.compile(rb"\.\d+(?:e[-+]?\d+)?[,\]}]")
_EXPONENT = re.compile(rb"e[-+]?\d+[,\]}]")
_WIDE_KEY = re.compile(rb'[\x80-\xff](?:[^"\\]|\\.)*":')


def canonical(answer: dict[str, Any]) -> bytes:
    """The RFC 8785 form.

    It says how keys sort and how numbers with a fraction are written. An answer that has
    neither such numbers nor keys beyond ASCII is written the same by any sorted,
    compact writer, and nearly all are like that.

    Raises:
        IntegerDomainError: it has a whole number of more than 53 bits.
    """
    try:
        written = orjson.dumps(answer, option=_OPTIONS)
    except orjson.JSONEncodeError:
        written = b""
    wide_key = not written.isascii() and _WIDE_KEY.search(written)
    number = _FRACTION.search(written) or _EXPONENT.search(written)
    if written and not wide_key and not number:
        return written
    import rfc8785

    return rfc8785.dumps(answer)
