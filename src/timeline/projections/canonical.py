"""The canonical form of an answer, over which its digest is taken (RFC 8785)."""

from __future__ import annotations

import re
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

# A number with a fraction or an exponent, and a key beyond ASCII. Text may look like either.
_FRACTION = re.compile(rb"[:\[,]-?\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+)[,\]}]")
_WIDE_KEY = re.compile(rb'"[^"\x80-\xff]*[\x80-\xff][^"]*":')


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
    if written and not wide_key and not _FRACTION.search(written):
        return written
    import rfc8785

    return rfc8785.dumps(answer)
