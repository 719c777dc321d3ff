"""Sessions of browsers, and links that open one.

A browser has the secret of its session in a cookie, and never keeps the token. `timeline serve`
prints a link to sign in its user: it works once, within ten minutes.
"""

from __future__ import annotations

from timeline.access.file import AccessFile, Row
from timeline.access.roles import Role
from timeline.access.secret import LINK, SESSION, id_in, is_secret, new_secret
from timeline.access.tokens import Holder, check_holder
from timeline.temporal.calendar import MINUTE

LINK_LASTS = 10 * MINUTE
"""How long a link is valid, in microseconds."""

SESSION_LASTS = 12 * 60 * MINUTE
"""How long a session lasts after its last use, in microseconds."""

_BY_ID = """
SELECT sessions.*, tokens.expires_at, tokens.revoked_at FROM sessions
LEFT JOIN tokens ON tokens.id = sessions.token WHERE sessions.id = ?
"""
_USED = "UPDATE sessions SET last_used_at = max(?1, last_used_at) WHERE id = ?2"


class Sessions:
    """The sessions of a newsroom. All methods are thread-safe."""

    def __init__(self, file: AccessFile):
        self._file = file

    def open_session(self, holder: Holder, now: int) -> str:
        """The secret of a new session for the holder of a token.

        It ends twelve hours after its last use, and with the token.

        Raises:
            StoreError: the file cannot be written.
        """
        secret = new_secret(SESSION)
        with self._file.transaction() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE last_used_at <= ?", (now - SESSION_LASTS,)
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
                (secret.id, secret.digest, holder.token, holder.name, holder.role, now),
            )
        return secret.text

    def session(self, secret: str, now: int) -> Holder | None:
        """The holder of the session with this secret; None if there is none, or it has ended.

        This extends the session; the use is recorded at most once a minute.

        Raises:
            StoreError: the file cannot be read.
        """
        row = self._row(secret)
        if row is None or now - row["last_used_at"] >= SESSION_LASTS:
            return None
        if row["revoked_at"] is not None or (row["expires_at"] or now + 1) <= now:
            return None
        if now - row["last_used_at"] >= MINUTE:
            self._file.record_use(row, _USED, now)
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
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM links WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
                (secret.id, secret.digest, holder, role, now + LINK_LASTS),
            )
        return secret.text

    def redeem(self, secret: str, now: int) -> str | None:
        """The secret of a new session, for that of a link; None if it was used or has expired.

        Raises:
            StoreError: the file cannot be written.
        """
        id = id_in(secret, LINK)
        if id is None:
            return None
        with self._file.transaction() as connection:
            found = connection.execute("SELECT * FROM links WHERE id = ?", (id,)).fetchone()
            if found is None or not is_secret(secret, found["digest"]):
                return None
            connection.execute("DELETE FROM links WHERE id = ?", (id,))
        if found["expires_at"] <= now:
            return None
        return self.open_session(Holder(found["holder"], Role(found["role"]), None), now)

    def _row(self, secret: str) -> Row | None:
        id = id_in(secret, SESSION)
        row = self._file.row(_BY_ID, id) if id is not None else None
        return row if row is not None and is_secret(secret, row["digest"]) else None
