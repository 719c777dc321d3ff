"""The canonical form of an answer, over which its digest is taken (RFC 8785)."""

from __future__ import annotations

import re
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

# The end of a number with a fraction, or with an exponent. Text may look like either. Each
# begins with what is rare, so that it is soon searched for.
_FRACTION = re.compile(rb"\.\d+(?:e[-+]?\d+)?[,\]}]")
_EXPONENT = re.compile(rb"e[-+]?\d+[,\]}]")

# The end of a key beyond ASCII, where nothing is left but that, quotes and colons.
_WIDE_KEY = re.compile(rb'\x80:*":')
_WIDE = bytes(range(0x80)) + b"\x80" * 0x80
_ELSE = bytes(each for each in range(0x80) if each not in b'":')


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
    number = _FRACTION.search(written) or _EXPONENT.search(written)
    if written and not number and not _has_wide_key(written):
        return written
    import rfc8785

    return rfc8785.dumps(answer)


def _has_wide_key(written: bytes) -> bool:
    """Whether a key has a character beyond ASCII."""
    if written.isascii():
        return False
    unquoted = written.replace(b"\\\\", b"").replace(b'\\"', b"")
    return bool(_WIDE_KEY.search(unquoted.translate(_WIDE, _ELSE)))
