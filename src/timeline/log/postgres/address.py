"""Where a log is: a PostgreSQL URL, which is never shown with its password."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit


def password_in(url: str) -> str | None:
    """The password that a URL carries; None if it carries none."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query)).get("password")
    account, at, _ = parts.netloc.rpartition("@")
    _, colon, password = account.partition(":")
    return given or (password if at and colon else None)


def without_password(url: str) -> str:
    """The URL as it may be shown and kept."""
    parts = urlsplit(url)
    account, at, hosts = parts.netloc.rpartition("@")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("password", "sslpassword")]
    netloc = f"{account.partition(':')[0]}{at}{hosts}"
    return parts._replace(netloc=netloc, query=urlencode(query, safe="/:,")).geturl()
