"""`timeline token`, as whoever looks after the newsroom uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.running import environment, inside, timeline
from timeline import temporal
from timeline.access import FILE
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.tokens import Tokens
from timeline.newsroom.newsroom import Newsroom

SERVER = """
import sys
from pathlib import Path
from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.tokens import Tokens

tokens = Tokens(AccessFile(Path(sys.argv[1])))
for secret in sys.stdin:
    holder = tokens.authenticate(secret.strip(), temporal.now())
    print(holder.name if holder else "nobody", flush=True)
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    Newsroom.init(tmp_path / "room")
    return tmp_path / "room"


def test_a_token_is_made_listed_and_revoked(room: Path) -> None:
    made = inside(room, "token", "add", "Ada Lovelace", "--role", "editor")
    assert made.code == 0
    secret = made.out.strip()
    assert made.out == f"{secret}\n" and secret.startswith("tl_")
    assert "shown only now" in made.err
    (token,) = inside(room, "token", "list", "--format", "json").json()["tokens"]
    assert (token["holder"], token["role"]) == ("Ada Lovelace", "editor")
    assert token["id"] == secret.split("_")[1]
    assert (token["expires_at"], token["last_used_at"], token["revoked_at"]) == (None, None, None)
    said = inside(room, "token", "revoke", token["id"])
    assert said.out == f"revoked token {token['id']} of Ada Lovelace\n"
    (token,) = inside(room, "token", "list", "--format", "jsonl").lines()
    assert token["revoked_at"] is not None
    assert secret not in said.out + inside(room, "token", "list").out


def test_a_revocation_in_one_process_is_seen_at_once_in_another(room: Path) -> None:
    secret = timeline(room, "token", "add", "Ada", "--role", "reader").out.strip()
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(room / FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as server:
        assert server.stdin is not None and server.stdout is not None

        def asks() -> str:
            assert server.stdin is not None and server.stdout is not None
            server.stdin.write(f"{secret}\n")
            server.stdin.flush()
            return server.stdout.readline().strip()

        assert [asks(), asks()] == ["Ada", "Ada"]
        assert timeline(room, "token", "revoke", secret.split("_")[1]).code == 0
        assert asks() == "nobody"


def test_several_may_make_the_first_token_at_once(room: Path) -> None:
    words = [sys.executable, "-m", "timeline", "--newsroom", str(room), "token", "add"]
    running = [
        subprocess.Popen([*words, f"desk {number}", "--role", "reader"], env=environment())
        for number in range(3)
    ]
    assert [each.wait(100) for each in running] == [0, 0, 0]
    assert len(inside(room, "token", "list", "--format", "json").json()["tokens"]) == 3


@freeze_time("2026-11-24T09:00:00Z")
def test_a_token_for_so_long_says_until_when(room: Path) -> None:
    made = inside(room, "token", "add", "Ada", "--role", "reader", "--expires", "P90D")
    assert "until 2027-02-22 09:00" in made.err
    (token,) = inside(room, "token", "list", "--format", "json").json()["tokens"]
    assert token["created_at"] == "2026-11-24T09:00:00.000000Z"
    assert token["expires_at"] == "2027-02-22T09:00:00.000000Z"


def test_the_list_tells_how_each_token_stands(room: Path) -> None:
    with freeze_time("2026-11-24T09:00:00Z"):
        assert "there are no tokens" in inside(room, "token", "list").out
        assert not (room / FILE).exists()
        secret = inside(room, "token", "add", "Ada", "--role", "editor").out.strip()
        inside(room, "token", "add", "Bo", "--role", "reader", "--expires", "PT1H")
        file = AccessFile(room / FILE)
        Tokens(file).authenticate(secret, temporal.now())
        file.close()
    with freeze_time("2026-11-24T10:00:00Z"):
        said = inside(room, "token", "list").out
    assert "Ada, editor\n  created 2026-11-24 09:00, UTC; last used 2026-11-24 09:00, UTC" in said
    assert "never used; expired 2026-11-24 10:00, UTC" in said


def test_what_is_wrong_is_said(room: Path) -> None:
    assert inside(room, "token", "add", "Ada").code == 2
    assert inside(room, "token", "add", "Ada", "--role", "boss").code == 2
    wrong = inside(room, "token", "add", "Ada", "--role", "reader", "--expires", "90 days")
    assert wrong.code == 2 and "--expires" in wrong.err and "PT48H" in wrong.err
    assert inside(room, "token", "add", "a\nb", "--role", "reader").code == 2
    assert inside(room, "token", "revoke", "abc").code == 2
    assert not inside(room, "token", "list", "--format", "json").json()["tokens"]
    elsewhere = inside(room / "nowhere", "token", "list")
    assert elsewhere.code == 2 and "there is no newsroom" in elsewhere.err


def test_tokens_of_a_newsroom_in_a_database_are_kept_in_a_file_that_is_named(
    tmp_path: Path, room: Path
) -> None:
    refused = inside(None, "--log", "postgresql://nowhere.invalid/room", "token", "list")
    assert refused.code == 2 and "--access" in refused.err
    file = tmp_path / "tokens.sqlite"
    done = inside(room, "token", "--access", file, "add", "Ada", "--role", "admin")
    assert done.code == 0 and file.exists() and not (room / FILE).exists()
    opened = AccessFile(file)
    holder = Tokens(opened).authenticate(done.out.strip(), temporal.now())
    opened.close()
    assert holder is not None and holder.role is Role.ADMIN
