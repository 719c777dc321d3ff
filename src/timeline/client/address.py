"""Where a service is, and the token that it is asked with."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from timeline.errors import InputError

SCHEMES = ("https://", "http://")

# The secret of a token, or the file that it is in. A command line can be read by others.
TOKEN, TOKEN_FILE = "TIMELINE_TOKEN", "TIMELINE_TOKEN_FILE"

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def service_address(text: str) -> str:
    """The address of a service, without a slash at its end.

    Raises:
        InputError: it is none, tells a secret, or the token could be read on the way to it.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{text!r} is no address: {error}") from None
    if not text.startswith(SCHEMES) or not host:
        raise InputError(f"{text!r} is no address of a service", "https://timeline.example.org")
    if parts.username is not None or parts.password is not None:
        raise InputError("an address tells no secrets", f"a token goes into {TOKEN}")
    if parts.query or parts.fragment:
        raise InputError(f"{text!r} has more than an address", "leave out what begins with ? or #")
    if parts.scheme == "http" and not is_loopback(text):
        raise InputError(
            f"nothing is encrypted on the way to {host}: others could read the token",
            f"https://{parts.netloc}",
        )
    return text.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether a service is on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def token_around() -> str | None:
    """The token that the environment tells, if it tells one.

    Raises:
        InputError: the file that it names cannot be read.
    """
    if token := os.environ.get(TOKEN):
        return token.strip()
    if (name := os.environ.get(TOKEN_FILE)) is None:
        return None
    try:
        return Path(name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the token in {name}: {error}") from error
