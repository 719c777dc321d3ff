"""Secrets: what is shown once, and what is kept in its place.

A secret is `tl_k3v9q2xm_` and 32 random bytes in base64url: a prefix by which people, and
scanners of public code, know what they have found; an id by which it is looked up; and what
nobody can guess. Kept is its SHA-256. A slow hash with a salt is for secrets that people
choose; one with 112 bits of entropy or more needs neither (NIST SP 800-63B, 5.1.2.2), and this
has 256. It is checked on each request, where a slow hash would be most of the work.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import NamedTuple

# Base32 of RFC 4648, in small letters: no digit that is taken for a letter.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 8
_RANDOM_BYTES = 32
_LONGEST = 200

TOKEN = "tl"
SESSION = "ts"
LINK = "to"


class Secret(NamedTuple):
    """A new secret: what it is called, what to show once, what to keep."""

    id: str
    text: str
    digest: bytes


def new_secret(prefix: str) -> Secret:
    """A secret that nobody has."""
    id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    text = f"{prefix}_{id}_{secrets.token_urlsafe(_RANDOM_BYTES)}"
    return Secret(id, text, digest_of(text))


def id_in(text: str, prefix: str) -> str | None:
    """The id of what may be a secret of this kind; None if it cannot be one."""
    given, _, rest = text.partition("_")
    id, mark, random = rest.partition("_")
    looks_so = len(text) <= _LONGEST and text.isascii() and given == prefix and mark and random
    return id if looks_so and len(id) == _ID_LENGTH else None


def digest_of(text: str) -> bytes:
    """What is kept of a secret."""
    return sha256(text.encode("ascii")).digest()


def is_secret(text: str, digest: bytes) -> bool:
    """Whether this is the secret of which that was kept, in a time that tells nothing."""
    return hmac.compare_digest(digest_of(text), digest)
