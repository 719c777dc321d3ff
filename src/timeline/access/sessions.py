"""Sessions of browsers, and the links that open one.

A browser keeps the secret of a session in a cookie and never sees the token. A link is how
`timeline serve` lets in whoever started it: it works once, for ten minutes.
"""

from __future__ import annotations

from timeline.access.file import AccessFile, Row
from timeline.access.roles import Role
from timeline.access.secret import LINK, SESSION, id_in, is_secret, new_secret
from timeline.access.tokens import Holder, check_holder
from timeline.temporal.calendar import MINUTE

LINK_LASTS = 10 * MINUTE
"""How long a link can be used, in microseconds."""

SESSION_LASTS = 12 * 60 * MINUTE
"""How long a session lasts after it was last used, in microseconds."""

_BY_ID = """
SELECT sessions.*, tokens.expires_at, tokens.revoked_at FROM sessions
LEFT JOIN tokens ON tokens.id = sessions.token WHERE sessions.id = ?
"""
_USED = "UPDATE sessions SET last_used_at = max(?1, last_used_at) WHERE id = ?2"


class Sessions:
    """The sessions of a newsroom's pages. Every method may be called from any thread."""

    def __init__(self, file: AccessFile):
        self._file = file

    def open_session(self, holder: Holder, now: int) -> str:
        """The secret of a new session of somebody who has shown a token.

        It ends twelve hours after it was last used, and with the token.

        Raises:
            StoreError: it cannot be written.
        """
        secret = new_secret(SESSION)
        with self._file.changing() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE last_used_at <= ?", (now - SESSION_LASTS,)
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
                (secret.id, secret.digest, holder.token, holder.name, holder.role, now),
            )
        return secret.text

    def session(self, secret: str, now: int) -> Holder | None:
        """Who has the session with this secret; None where it is over, or never was.

        Using it makes it last, which is written down once a minute at most.

        Raises:
            StoreError: the file cannot be read.
        """
        row = self._row(secret)
        if row is None or now - row["last_used_at"] >= SESSION_LASTS:
            return None
        if row["revoked_at"] is not None or (row["expires_at"] or now + 1) <= now:
            return None
        if now - row["last_used_at"] >= MINUTE:
            self._file.note_use(row, _USED, now)
        return Holder(row["holder"], Role(row["role"]), row["token"])

    def close_session(self, secret: str) -> None:
        """End a session, if there is one with this secret.

        Raises:
            StoreError: it cannot be written.
        """
        row = self._row(secret)
        if row is not None:
            with self._file.changing() as connection:
                connection.execute("DELETE FROM sessions WHERE id = ?", (row["id"],))

    def one_time(self, holder: str, role: Role, now: int) -> str:
        """A secret that opens one session for whoever brings it first, within ten minutes.

        Raises:
            InputError: the holder's name is none that records could carry.
            StoreError: it cannot be written.
        """
        check_holder(holder)
        secret = new_secret(LINK)
        with self._file.changing() as connection:
            connection.execute("DELETE FROM links WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
                (secret.id, secret.digest, holder, role, now + LINK_LASTS),
            )
        return secret.text

    def redeem(self, secret: str, now: int) -> str | None:
        """The secret of a session, for that of a link; None where it was used, or is too old.

        Raises:
            StoreError: it cannot be written.
        """
        id = id_in(secret, LINK)
        if id is None:
            return None
        with self._file.changing() as connection:
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
