"""Sessions of browsers, and links that open one.

A browser has the secret of its session in a cookie, and never keeps the token. `timeline serve`
prints a link to sign in its user: it works once, within ten minutes. A link is stored like a token,
so that it is listed, revoked and expires like one; but it gives no access by itself, and its
session is valid only in the process that made the link.
"""

from __future__ import annotations

from timeline.access.file import AccessFile, Row
from timeline.access.roles import Role
from timeline.access.secret import LINK, SESSION, id_in, is_secret, new_secret
from timeline.access.tokens import BY_ID, USED, Holder, check_holder
from timeline.temporal.calendar import MINUTE

LINK_LASTS = 10 * MINUTE
"""How long a link is valid, in microseconds."""

HOUR = 60 * MINUTE

SESSION_LASTS = 12 * HOUR
"""How long a session lasts after its last use, in microseconds."""

SESSION_LASTS_AT_MOST = 7 * 24 * HOUR
"""How long a session lasts, however often it is used, in microseconds."""

LINK_SESSION_LASTS_AT_MOST = 24 * HOUR
"""The same for a session that a link has opened."""

_SESSION_BY_ID = """
SELECT sessions.*, tokens.holder, tokens.role, tokens.expires_at, tokens.revoked_at, tokens.is_link
FROM sessions JOIN tokens ON tokens.id = sessions.token WHERE sessions.id = ?
"""
_SESSION_USED = (
    "UPDATE sessions SET last_used_at = max(?1, last_used_at) WHERE id = ?2",
    USED.replace("?2", "(SELECT token FROM sessions WHERE id = ?2)"),
)
_END = "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


class Sessions:
    """The sessions of a newsroom in this process. All methods are thread-safe."""

    def __init__(self, file: AccessFile):
        self._file = file
        self._links: set[str] = set()  # The ids of the links that this process made.

    def open_session(self, token: str, now: int) -> str:
        """The secret of a new session for the holder of a token.

        It ends twelve hours after its last use, after seven days, and with the token.

        Raises:
            StoreError: the file cannot be written.
        """
        secret = new_secret(SESSION)
        with self._file.transaction() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE last_used_at <= ? OR opened_at <= ?",
                (now - SESSION_LASTS, now - SESSION_LASTS_AT_MOST),
            )
            connection.execute(
                "INSERT INTO sessions (id, digest, token, opened_at, last_used_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (secret.id, secret.digest, token, now, now),
            )
        return secret.text

    def session(self, secret: str, now: int) -> Holder | None:
        """The holder of the session with this secret; None if there is none, or it has ended.

        This extends the session; the use is recorded at most once a minute.

        Raises:
            StoreError: the file cannot be read.
        """
        row = self._row(secret)
        if row is None or not _is_open(row, now):
            return None
        if row["is_link"] and row["token"] not in self._links:
            return None
        if now - row["last_used_at"] >= MINUTE:
            self._file.record_use(row, _SESSION_USED, now)
        return Holder(row["holder"], Role(row["role"]), row["token"])

    def close_session(self, secret: str) -> None:
        """End a session, if there is one with this secret.

        Raises:
            StoreError: the file cannot be written.
        """
        row = self._row(secret)
        if row is not None:
            with self._file.transaction() as connection:
                connection.execute("DELETE FROM sessions WHERE id = ?", (row["id"],))

    def one_time(self, holder: str, role: Role, now: int) -> str:
        """The secret of a link that opens one session, within ten minutes.

        Raises:
            InputError: the name of the holder is invalid.
            StoreError: the file cannot be written.
        """
        check_holder(holder)
        secret = new_secret(LINK)
        ended = "SELECT id FROM tokens WHERE is_link AND (expires_at <= ? OR revoked_at NOTNULL)"
        with self._file.transaction() as connection:
            connection.execute(f"DELETE FROM sessions WHERE token IN ({ended})", (now,))
            connection.execute(f"DELETE FROM tokens WHERE id IN ({ended})", (now,))
            connection.execute(
                "INSERT INTO tokens (id, digest, holder, role, created_at, expires_at, is_link)"
                " VALUES (?, ?, ?, ?, ?, ?, 1)",
                (secret.id, secret.digest, holder, role, now, now + LINK_LASTS),
            )
        self._links.add(secret.id)
        return secret.text

    def redeem(self, secret: str, now: int) -> str | None:
        """The secret of a new session, for that of a link; None if it was used or has ended.

        Raises:
            StoreError: the file cannot be written.
        """
        id = id_in(secret, LINK)
        row = self._file.row(BY_ID, id) if id in self._links else None
        if id is None or row is None or not is_secret(secret, row["digest"]):
            return None
        with self._file.transaction() as connection:
            opened = connection.execute(
                "UPDATE tokens SET last_used_at = ?1, expires_at = ?2 WHERE id = ?3"
                " AND last_used_at IS NULL AND revoked_at IS NULL AND expires_at > ?1",
                (now, now + LINK_SESSION_LASTS_AT_MOST, id),
            )
        return self.open_session(id, now) if opened.rowcount else None

    def end_links(self, now: int) -> None:
        """Revoke the links that this process made, which end with it in any case.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._file.transaction() as connection:
            connection.executemany(_END, [(now, id) for id in self._links])

    def _row(self, secret: str) -> Row | None:
        id = id_in(secret, SESSION)
        row = self._file.row(_SESSION_BY_ID, id) if id is not None else None
        return row if row is not None and is_secret(secret, row["digest"]) else None


def _is_open(row: Row, now: int) -> bool:
    """Whether a session has not ended, and neither has its token."""
    return (
        now - row["last_used_at"] < SESSION_LASTS
        and now - row["opened_at"] < SESSION_LASTS_AT_MOST
        and row["revoked_at"] is None
        and (row["expires_at"] is None or now < row["expires_at"])
    )
