"""Secrets, which are shown once, and the digests that are stored of them.

A secret is `tl_k3v9q2xm_` and 32 random bytes in base64url: a prefix that people and secret
scanners recognise, an id to look it up by, and a random part. Its SHA-256 is stored. Slow, salted
hashes are for secrets that people choose; with at least 112 bits of entropy neither is needed (NIST
SP 800-63B, section 5.1.2.2), and this has 256. It is checked for every request, of which a slow
hash would be most of the work.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import NamedTuple

# Base32 (RFC 4648) in lower case: without digits that look like letters.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 8
_RANDOM_BYTES = 32
_LONGEST = 200

TOKEN = "tl"
SESSION = "ts"
LINK = "to"


class Secret(NamedTuple):
    """A new secret: its id, the text to show once, and the digest to store."""

    id: str
    text: str
    digest: bytes


def new_secret(prefix: str) -> Secret:
    """A new random secret."""
    id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    text = f"{prefix}_{id}_{secrets.token_urlsafe(_RANDOM_BYTES)}"
    return Secret(id, text, digest_of(text))


def id_in(text: str, prefix: str) -> str | None:
    """The id in a secret with that prefix; None if the text cannot be one."""
    given, _, rest = text.partition("_")
    id, mark, random = rest.partition("_")
    looks_so = len(text) <= _LONGEST and text.isascii() and given == prefix and mark and random
    return id if looks_so and len(id) == _ID_LENGTH else None


def digest_of(text: str) -> bytes:
    """The digest of a secret."""
    return sha256(text.encode("ascii")).digest()


def is_secret(text: str, digest: bytes) -> bool:
    """Whether a secret has a digest, in constant time."""
    return hmac.compare_digest(digest_of(text), digest)
