"""Tokens: who has access, in which role, and until when."""

from __future__ import annotations

import re
from typing import NamedTuple

from typing_extensions import TypedDict

from timeline.access.file import AccessFile, Row
from timeline.access.roles import Role
from timeline.access.secret import TOKEN, id_in, is_secret, new_secret
from timeline.errors import InputError, NotFoundError, close_to
from timeline.temporal import DurationError, format_instant, read_duration
from timeline.temporal.calendar import MINUTE

# The last instant that SQLite can store.
LAST = 2**63 - 1

LONGEST_NAME = 200
_INVISIBLE = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff"
_UNPRINTED = re.compile(rf"[{_INVISIBLE}\ud800-\udfff]")

HOLDER = rf"^[^\s{_INVISIBLE}][^{_INVISIBLE}]*$"
"""A pattern for the names of holders; others may begin with a space."""

BY_ID = "SELECT * FROM tokens WHERE id = ?"
# Another process may have recorded a later use.
USED = "UPDATE tokens SET last_used_at = max(?1, coalesce(last_used_at, ?1)) WHERE id = ?2"


class Holder(NamedTuple):
    """An authenticated caller: the name for `recorded_by`, the role, and the id of the token."""

    name: str
    role: Role
    token: str


class Token(NamedTuple):
    """A token or one-time link, without its secret. All times are instants, or None."""

    id: str
    holder: str
    role: Role
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None
    is_link: bool = False

    def is_valid(self, now: int) -> bool:
        """Whether it gives access."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Tokens:
    """The tokens of a newsroom. All methods are thread-safe."""

    def __init__(self, file: AccessFile):
        self._file = file

    def add(
        self, holder: str, role: Role, now: int, expires_at: int | None = None
    ) -> tuple[Token, str]:
        """A new token, and its secret, which is not stored.

        Raises:
            InputError: the name of the holder is invalid.
            StoreError: the file cannot be written.
        """
        check_holder(holder)
        secret = new_secret(TOKEN)
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO tokens (id, digest, holder, role, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (secret.id, secret.digest, holder, role, now, expires_at),
            )
        return Token(secret.id, holder, role, now, expires_at, None, None), secret.text

    def revoke(self, id: str, now: int) -> Token:
        """Revoke a token and end its sessions. Revoking it again changes nothing.

        Raises:
            NotFoundError: there is no such token.
            StoreError: the file cannot be written.
        """
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now, id)
            )
            connection.execute("DELETE FROM sessions WHERE token = ?", (id,))
            row = connection.execute(BY_ID, (id,)).fetchone()
        if row is None:
            close = close_to(id, [token.id for token in self.list()])
            hint = f"did you mean {' or '.join(close)}?" if close else "`timeline token list`"
            raise NotFoundError(f"there is no token {id!r}", hint)
        return _token(dict(row))

    def list(self) -> list[Token]:
        """All tokens, and the one-time links of `timeline serve`, the oldest first.

        Raises:
            StoreError: the file cannot be read.
        """
        return [
            _token(row) for row in self._file.rows("SELECT * FROM tokens ORDER BY created_at, id")
        ]

    def authenticate(self, secret: str, now: int) -> Holder | None:
        """The holder of the token with this secret; None if there is none, or it is not valid.

        The use is recorded at most once a minute.

        Raises:
            StoreError: the file cannot be read.
        """
        id = id_in(secret, TOKEN)
        row = self._file.row(BY_ID, id) if id is not None else None
        if row is None or not is_secret(secret, row["digest"]):
            return None
        token = _token(row)
        if not token.is_valid(now):
            return None
        if token.last_used_at is None or now - token.last_used_at >= MINUTE:
            self._file.record_use(row, (USED,), now)
        return Holder(token.holder, token.role, token.id)


def expiry(duration: str, now: int) -> int:
    """The instant at which a token with that duration expires.

    Raises:
        InputError: it is not a duration, or too long.
    """
    try:
        ends = now + read_duration(duration)
    except DurationError as error:
        raise InputError(error.message, error.hint) from error
    if ends > LAST:
        raise InputError(
            f"{duration!r} is too long", "leave it out: the token lasts until it is revoked"
        )
    return ends


def check_holder(name: str) -> None:
    """Check that a name can be the `recorded_by` of a record.

    Raises:
        InputError: it is blank, too long, or contains invisible characters.
    """
    if not name.strip():
        raise InputError("the holder needs a name", "it becomes `recorded_by`")
    if len(name) > LONGEST_NAME:
        raise InputError(f"the holder's name is longer than {LONGEST_NAME} characters")
    if _UNPRINTED.search(name):
        raise InputError("the holder's name contains invisible characters")


class TokenJson(TypedDict):
    """A token without its secret."""

    id: str
    holder: str
    role: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    link: bool
    """Whether it is a one-time link of `timeline serve`, which ends with the service."""


def token_json(token: Token) -> TokenJson:
    """A token as JSON, without its secret."""
    return {
        "id": token.id,
        "holder": token.holder,
        "role": token.role.label,
        "created_at": format_instant(token.created_at),
        "expires_at": _time(token.expires_at),
        "last_used_at": _time(token.last_used_at),
        "revoked_at": _time(token.revoked_at),
        "link": token.is_link,
    }


def _time(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _token(row: Row) -> Token:
    return Token(
        row["id"],
        row["holder"],
        Role(row["role"]),
        row["created_at"],
        row["expires_at"],
        row["last_used_at"],
        row["revoked_at"],
        bool(row["is_link"]),
    )
