"""Tokens: given out, used, taken back."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.secret import TOKEN, new_secret
from timeline.access.sessions import Sessions
from timeline.access.tokens import Holder, Tokens
from timeline.errors import InputError, StoreError
from timeline.log.sqlite.files import create_file
from timeline.log.sqlite.log import create

NOW = temporal.parse_instant("2026-11-24T09:00:00Z")
MINUTE = temporal.read_duration("PT1M")


def test_whoever_has_the_secret_is_its_holder_in_that_role(tokens: Tokens) -> None:
    token, secret = tokens.add("Ada", Role.EDITOR, NOW)
    assert secret.startswith(f"tl_{token.id}_")
    assert tokens.authenticate(secret, NOW) == Holder("Ada", Role.EDITOR, token.id)


def test_two_tokens_of_one_holder_are_two(tokens: Tokens) -> None:
    (first, one), (second, other) = (tokens.add("Ada", Role.READER, NOW) for _ in range(2))
    tokens.revoke(first.id, NOW)
    assert tokens.authenticate(one, NOW) is None
    assert tokens.authenticate(other, NOW) == Holder("Ada", Role.READER, second.id)


def test_nothing_but_the_secret_gives_access(tokens: Tokens) -> None:
    token, secret = tokens.add("Ada", Role.ADMIN, NOW)
    other = tokens.add("Bo", Role.READER, NOW)[1]
    tokens.authenticate(secret, NOW)
    guesses = [
        "",
        "tl",
        "tl_",
        f"tl_{token.id}",
        f"tl_{token.id}_",
        secret[:-1],
        secret + "A",
        secret.upper(),
        f" {secret}",
        f"{secret}\n",
        f"ts{secret[2:]}",
        f"tl_{token.id}_{other.split('_', 2)[2]}",
        f"tl_{token.id}_" + "ä" * 43,
        secret + "A" * 10_000,
        "\x00" * 50,
        "\ud800",
    ]
    assert [tokens.authenticate(guess, NOW) for guess in guesses] == [None] * len(guesses)


def test_no_secret_is_kept(tokens: Tokens, tmp_path: Path) -> None:
    secret = tokens.add("Ada", Role.EDITOR, NOW)[1]
    tokens.authenticate(secret, NOW)
    tokens.list()  # Waits until the use is recorded.
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Ada" in kept
    assert secret.split("_", 2)[2].encode() not in kept


def test_the_file_and_its_journals_are_for_their_owner_alone(
    tokens: Tokens, file: AccessFile, tmp_path: Path
) -> None:
    tokens.add("Ada", Role.EDITOR, NOW)
    with file.transaction() as connection:
        connection.execute("DELETE FROM tokens")
        found = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("access.sqlite*")
        }
    assert found.pop("access.sqlite-turn", 0) is not None
    assert found.keys() == {"access.sqlite", "access.sqlite-journal"}
    assert set(found.values()) == {0o600}


def test_a_token_ends_when_it_was_said_to(tokens: Tokens) -> None:
    end = NOW + temporal.read_duration("P1D")
    token, secret = tokens.add("Ada", Role.READER, NOW, end)
    assert tokens.authenticate(secret, end - 1) == Holder("Ada", Role.READER, token.id)
    assert tokens.authenticate(secret, end) is None


def test_a_revoked_token_is_listed_and_revoked_once(tokens: Tokens) -> None:
    token, _ = tokens.add("Ada", Role.READER, NOW)
    first = tokens.revoke(token.id, NOW + 1)
    assert tokens.revoke(token.id, NOW + 2) == first
    assert first.revoked_at == NOW + 1
    assert tokens.list() == [first]


def test_a_token_that_is_not_there_cannot_be_revoked(tokens: Tokens) -> None:
    token, _ = tokens.add("Ada", Role.READER, NOW)
    with pytest.raises(InputError, match=f"did you mean {token.id}"):
        tokens.revoke(token.id[:-1], NOW)
    with pytest.raises(InputError, match="timeline token list"):
        tokens.revoke("-", NOW)


def test_its_last_use_is_noted_once_a_minute(tokens: Tokens) -> None:
    token, secret = tokens.add("Ada", Role.READER, NOW)

    def noted() -> int | None:
        return tokens.list()[0].last_used_at

    assert noted() is None
    for later, expected in ((0, 0), (1, 0), (MINUTE - 1, 0), (MINUTE, MINUTE)):
        tokens.authenticate(secret, NOW + later)
        assert noted() == NOW + expected
    tokens.authenticate(f"tl_{token.id}_wrong", NOW + 5 * MINUTE)
    assert noted() == NOW + MINUTE


def test_access_is_given_while_another_process_writes(tokens: Tokens, file: AccessFile) -> None:
    token, secret = tokens.add("Ada", Role.READER, NOW)
    with file.transaction():
        assert tokens.authenticate(secret, NOW) == Holder("Ada", Role.READER, token.id)


@pytest.mark.parametrize("name", ["", " ", "\n", "a\nb", "a\x1b[2Jb", "a\u202eb", "\ud800"])
def test_a_holder_has_a_name_that_can_be_read(tokens: Tokens, name: str) -> None:
    with pytest.raises(InputError, match="the holder"):
        tokens.add(name, Role.READER, NOW)
    assert tokens.list() == []


def test_a_name_has_an_end(tokens: Tokens) -> None:
    tokens.add("ä" * 200, Role.READER, NOW)
    with pytest.raises(InputError, match="longer than 200"):
        tokens.add("ä" * 201, Role.READER, NOW)


def test_many_threads_share_one_file(file: AccessFile) -> None:
    tokens = Tokens(file)

    def worked(number: int) -> bool:
        token, secret = tokens.add(f"desk {number}", Role.REPORTER, NOW)
        seen = [tokens.authenticate(secret, NOW + number * MINUTE) for _ in range(20)]
        tokens.revoke(token.id, NOW)
        return None not in seen and tokens.authenticate(secret, NOW) is None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(worked, range(24)))
    assert len(tokens.list()) == 24


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    create(tmp_path / "log.sqlite", "{}", 0)
    with pytest.raises(StoreError, match="not one of tokens"):
        AccessFile(tmp_path / "log.sqlite")
    (tmp_path / "text").write_text("not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot open"):
        AccessFile(tmp_path / "text")
    with pytest.raises(StoreError, match="cannot open"):
        AccessFile(tmp_path / "nowhere" / "access.sqlite")


def test_a_file_that_replaces_the_open_one_decides_from_then_on(
    tokens: Tokens, file: AccessFile, tmp_path: Path
) -> None:
    _, old = tokens.add("Ada", Role.READER, NOW)
    assert tokens.authenticate(old, NOW) is not None
    tokens.list()  # Waits until the use is recorded.
    other = AccessFile(tmp_path / "other.sqlite")
    token, new = Tokens(other).add("Bo", Role.EDITOR, NOW)
    other.close()
    other.path.replace(file.path)
    assert tokens.authenticate(old, NOW) is None
    assert tokens.authenticate(new, NOW) == Holder("Bo", Role.EDITOR, token.id)
    tokens.revoke(token.id, NOW)
    assert tokens.authenticate(new, NOW) is None


def test_nobody_has_access_while_the_file_is_gone(
    tokens: Tokens, file: AccessFile, tmp_path: Path
) -> None:
    _, old = tokens.add("Ada", Role.READER, NOW)
    file.path.unlink()
    with pytest.raises(StoreError, match="cannot read"):
        tokens.authenticate(old, NOW)
    with pytest.raises(StoreError, match="cannot write"):
        tokens.add("Ada", Role.READER, NOW)
    again = AccessFile(file.path)
    Tokens(again).add("Bo", Role.READER, NOW)
    again.close()
    assert tokens.authenticate(old, NOW) is None
    assert [token.holder for token in tokens.list()] == ["Bo"]


FIRST_VERSION = """
PRAGMA application_id = 0x544C4143;
PRAGMA user_version = 1;
CREATE TABLE tokens (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, holder TEXT NOT NULL, role INTEGER NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER, last_used_at INTEGER, revoked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, token TEXT REFERENCES tokens (id),
    holder TEXT NOT NULL, role INTEGER NOT NULL, last_used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE links (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, holder TEXT NOT NULL, role INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
"""


def test_tokens_of_an_older_version_are_kept(tmp_path: Path) -> None:
    secret = new_secret(TOKEN)
    create_file(tmp_path / "access.sqlite", FIRST_VERSION)
    with closing(sqlite3.connect(tmp_path / "access.sqlite")) as connection, connection:
        connection.execute(
            "INSERT INTO tokens VALUES (?, ?, 'Ada', 3, 0, NULL, NULL, NULL)",
            (secret.id, secret.digest),
        )
    with closing(AccessFile(tmp_path / "access.sqlite")) as file:
        assert Tokens(file).authenticate(secret.text, NOW) == Holder("Ada", Role.EDITOR, secret.id)
        assert Sessions(file).session(Sessions(file).open_session(secret.id, NOW), NOW)
