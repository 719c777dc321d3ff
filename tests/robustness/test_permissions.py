"""What is not published is for the owner of a newsroom, or for the group that shares it."""

from __future__ import annotations

import grp
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline
from tests.rooms import event
from tests.running import append, inside

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Whatever the umask is."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def used(room: Path, *words: str) -> Path:
    """A new newsroom in which everything was used once."""
    done = inside(None, "init", room, *words)
    assert done.code == 0, done.err
    append(room, event("happened", "2026", about=["lab"]))
    for command in (["snapshot", "lab"], ["rebuild"], ["token", "add", "Ada", "--role", "reader"]):
        assert inside(room, *command).code == 0
    assert inside(room, "backup", room / "backup.sqlite").code == 0
    assert inside(room, "export", "-o", room / "log.jsonl").code == 0
    return room


def modes(room: Path) -> dict[str, int]:
    """The permissions of all files and directories."""
    paths = [room, *room.rglob("*")]
    return {str(each.relative_to(room)): each.stat().st_mode & 0o7777 for each in paths}


@pytest.mark.usefixtures("umask")
def test_a_newsroom_is_for_its_owner_only(tmp_path: Path) -> None:
    room = used(tmp_path / "room")
    for name, mode in modes(room).items():
        assert mode == (0o700 if (room / name).is_dir() else 0o600), name
    assert "warnings" not in inside(room, "status", "--format", "json").json()


@pytest.mark.usefixtures("umask")
def test_a_group_can_share_a_newsroom(tmp_path: Path) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    room = used(tmp_path / "room", "--group", group)
    # What gives access, and what leaves the newsroom, stays with who made it.
    own = {"access.sqlite", "backup.sqlite", "log.jsonl"}
    for name, mode in modes(room).items():
        expected = 0o2770 if (room / name).is_dir() else 0o600 if name in own else 0o660
        assert mode == expected, name
        assert (room / name).stat().st_gid == os.getgid()


def test_a_group_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    done = inside(None, "init", tmp_path / "room", "--group", "no-such-group")
    assert done.code == 2 and "there is no group 'no-such-group'" in done.err
    assert not (tmp_path / "room" / "timeline.toml").exists()


def test_status_says_that_everybody_can_read_the_log(tmp_path: Path) -> None:
    room = used(tmp_path / "room")
    room.chmod(0o755)
    assert "warnings" not in inside(room, "status", "--format", "json").json()
    (room / "log.sqlite").chmod(0o644)
    (warning,) = inside(room, "status", "--format", "json").json()["warnings"]
    assert "every user of this machine can read" in warning


def test_an_open_file_of_tokens_is_warned_of(tmp_path: Path) -> None:
    room = used(tmp_path / "room")
    assert inside(room, "token", "list").err == ""
    (room / "access.sqlite").chmod(0o640)
    assert "other users can read" in inside(room, "token", "list").err


def test_an_open_file_with_a_token_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text("tl_abcdefgh_secret")
    monkeypatch.setenv("TIMELINE_TOKEN_FILE", str(file))
    for mode, is_warned in ((0o600, False), (0o644, True)):
        file.chmod(mode)
        said: list[str] = []
        timeline.open("http://127.0.0.1:1", note=said.append).close()
        assert any("chmod 600" in each for each in said) is is_warned
