"""A `timeline.toml` that is lost, emptied or edited: no date is read in a zone nobody chose."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append, inside, timeline

SETTINGS = """\
name = "Gazette"
zone = "Europe/Berlin"

[types.docked]
doc = 'A ship, "in port"'
fields.ship = "entity!"
fields.port = "entity!"
effects = [{ set = ["ship", "docked-at", "port"], qualifiers = ["ship"] }]
"""


@pytest.fixture
def gazette(room: Path) -> Path:
    """A newsroom with a zone and a type of its own, in which it was written."""
    (room / "timeline.toml").write_text(SETTINGS)
    append(room, event("docked", "2026", ship="ever-given", port="suez"))
    return room


def test_an_empty_file_is_refused_and_written_again_from_the_log(gazette: Path) -> None:
    (gazette / "timeline.toml").write_bytes(b"")
    done = inside(gazette, "log")
    assert done.code == 2 and "timeline.toml is empty" in done.err and "timeline init" in done.err
    assert inside(None, "init", gazette).code == 0
    assert tomllib.loads((gazette / "timeline.toml").read_text()) == tomllib.loads(SETTINGS)
    assert inside(gazette, "log").code == 0


def test_a_lost_file_is_written_again_from_the_log(gazette: Path) -> None:
    (gazette / "timeline.toml").unlink()
    assert inside(None, "init", gazette, "--name", "Other", "--zone", "UTC").code == 0
    assert tomllib.loads((gazette / "timeline.toml").read_text()) == tomllib.loads(SETTINGS)


def test_settings_without_a_zone_are_refused(gazette: Path) -> None:
    (gazette / "timeline.toml").write_text('name = "Gazette"\n')
    done = inside(gazette, "log")
    assert done.code == 2 and "timeline.toml: zone: is missing" in done.err


def test_status_says_that_the_file_and_the_log_differ_until_the_next_append(
    gazette: Path,
) -> None:
    def warnings() -> list[str]:
        return inside(gazette, "status", "--format", "json").json().get("warnings", [])

    assert warnings() == []
    file = gazette / "timeline.toml"
    file.write_text(SETTINGS.replace("set =", "begin ="))
    assert "other types" in warnings()[0]
    file.write_text(SETTINGS.replace("Europe/Berlin", "Asia/Tokyo"))
    assert "zone Asia/Tokyo, and the log was last written in Europe/Berlin" in warnings()[0]
    assert "Asia/Tokyo" in inside(gazette, "status").out
    append(gazette, event("happened", "2026", about=["lab"]))
    assert warnings() == []


def test_init_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", noting)
    assert inside(None, "init", tmp_path / "desk").code == 0
    # The two files, under their first names; their directory, after each; and its own.
    assert [each.name for each in synced] == ["new", "desk", "new", "desk", tmp_path.name]


def test_an_interrupted_init_leaves_no_newsroom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    assert inside(None, "init", tmp_path / "desk").code == 1
    monkeypatch.undo()
    assert {each.name for each in (tmp_path / "desk").iterdir()} == {"events", "projections"}
    assert timeline(None, "init", tmp_path / "desk").code == 0
