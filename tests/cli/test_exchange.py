"""`export` and `import`: what goes out comes in, byte for byte, all of it or nothing."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.cli.test_terminal import at_a_terminal
from tests.rooms import event
from tests.running import (
    append,
    as_lines,
    command,
    environment,
    head,
    inside,
    json_lines,
    records_of,
    timeline,
)
from timeline.records import jsonl
from timeline.records.record import Entry

SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "events" / "qwen.jsonl"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Another newsroom."""
    room = tmp_path / "empty"
    inside(None, "init", room)
    return room


def test_a_log_is_kept_as_it_came_also_in_a_newsroom_of_another_zone(
    story: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    inside(None, "init", elsewhere, "--zone", "Asia/Shanghai")
    log = inside(story, "export").out
    assert inside(elsewhere, "import", "-", given=log).code == 0
    assert inside(elsewhere, "export").out == log


def test_the_shipped_story_comes_out_as_it_went_in(empty: Path, tmp_path: Path) -> None:
    assert inside(empty, "import", SHIPPED).code == 0
    assert inside(empty, "export", "-o", tmp_path / "out.jsonl").code == 0
    assert records_of((tmp_path / "out.jsonl").read_text()) == SHIPPED.read_text()


def test_a_story_that_is_not_there_is_not_exported(story: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    done = inside(story, "export", "--story", "storry", "-o", target)
    assert (done.code, done.out) == (2, "") and not target.exists()
    assert "there is no story 'storry'; did you mean story?" in done.err


def test_positions_ids_and_times_are_kept(story: Path, empty: Path) -> None:
    inside(story, "correct", "in", "role=chief", "--reason", "Misheard.")
    inside(story, "retract", "said", "--reason", "Not said.")
    log = inside(story, "export").out
    assert inside(empty, "import", "-", given=log).code == 0
    assert inside(empty, "export").out == log
    for view in (["log"], ["show", "in"], ["snapshot", "lab"], ["chronology", "story"], ["replay"]):
        words = [*view, "--as-of", "2026-03", "--format", "json"]
        answers = [inside(room, *words).out for room in (story, empty)]
        assert answers[0] == answers[1]


def test_a_log_listed_as_json_lines_can_be_imported_too(story: Path, empty: Path) -> None:
    listed = inside(story, "log", "--format", "jsonl").out
    assert inside(empty, "import", "-", given=listed).code == 0
    assert inside(empty, "export").out == inside(story, "export").out


def test_a_position_that_cannot_be_kept_is_refused(story: Path, empty: Path) -> None:
    listed = inside(story, "log", "--format", "jsonl", "--from", "3").out
    done = inside(empty, "import", "-", given=listed)
    assert done.code == 2 and "-:1: position: 3 cannot be kept" in done.err and head(empty) == 0


def test_several_files_are_one_import(room: Path, tmp_path: Path) -> None:
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.jsonl")
        record = event("happened", "2026", about=["lab"], id=f"r{number}")
        files[-1].write_bytes(as_lines([record]))
    assert inside(room, "import", *files).out == "imported 3 records; the head is at 3\n"


def test_a_story_is_exported_by_itself(room: Path) -> None:
    for story in ("one", "two", "one"):
        append(room, {**event("happened", "2026", about=["lab"]), "story": story})
    lines = json_lines(records_of(inside(room, "export", "--story", "one").out))
    assert [line["story"] for line in lines] == ["one", "one"]


def test_a_dry_run_checks_everything_and_writes_nothing(story: Path, empty: Path) -> None:
    log = inside(story, "export").out
    done = inside(empty, "import", "-", "--dry-run", given=log)
    assert done.out.startswith("could import 4 records") and head(empty) == 0
    assert inside(empty, "import", "-", "--dry-run", given=log + "{}\n").code == 2


def test_an_export_to_a_file_replaces_it_whole_or_not_at_all(story: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("what was here before")
    assert inside(story, "export", "-o", target).code == 0
    assert target.read_text() == inside(story, "export").out
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.jsonl"]


def test_an_export_to_where_nothing_can_be_written_is_said(story: Path, tmp_path: Path) -> None:
    done = inside(story, "export", "-o", tmp_path / "no" / "such" / "place.jsonl")
    assert done.code != 0 and "Traceback" not in done.err and "place.jsonl" in done.err


@pytest.fixture
def backup(room: Path, tmp_path: Path) -> Path:
    """A good export of a newsroom, which has grown since."""
    append(room, event("happened", "2026", about=["lab"]))
    file = tmp_path / "backup.jsonl"
    assert inside(room, "export", "-o", file).code == 0
    append(room, *[event("happened", "2026", about=["lab"])] * 3)
    return file


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_export_that_fails_leaves_the_backup_that_is_there(
    room: Path, backup: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = backup.read_bytes()
    lines = jsonl.export

    def failing(entries: Iterable[Entry]) -> Iterator[bytes]:
        yield from islice(lines(entries), 3)
        raise error

    monkeypatch.setattr(jsonl, "export", failing)
    assert inside(room, "export", "-o", backup).code != 0
    assert backup.read_bytes() == before
    assert {each.name for each in backup.parent.iterdir()} == {"room", "backup.jsonl"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_ended_leaves_the_backup_that_is_there(
    room: Path, backup: Path, number: int
) -> None:
    before = backup.read_bytes()
    words = [sys.executable, "-m", "tests.cli.interrupted_export", str(room), str(backup)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as process:
        assert process.stdout is not None and process.stdout.readline() == b"writing\n"
        process.send_signal(number)
        assert process.wait(60) != 0
    assert backup.read_bytes() == before
    assert {each.name for each in backup.parent.iterdir()} == {"room", "backup.jsonl"}


def test_an_export_is_for_its_owner_only_unless_the_file_was_not(room: Path, backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    backup.chmod(0o644)
    assert inside(room, "export", "-o", backup).code == 0
    assert backup.stat().st_mode & 0o777 == 0o644


def test_an_export_through_a_link_keeps_the_link(room: Path, backup: Path) -> None:
    link = backup.with_name("link.jsonl")
    link.symlink_to(backup)
    assert inside(room, "export", "-o", link).code == 0
    assert link.is_symlink() and len(backup.read_text().splitlines()) == 6


def test_a_pipe_can_be_exported_to(room: Path, backup: Path) -> None:
    done = timeline(room, "export", "-o", "/dev/stdout")
    assert done.code == 0 and done.out == inside(room, "export").out


def test_a_stump_of_an_export_is_not_imported_unless_it_is_meant(
    backup: Path, empty: Path, room: Path
) -> None:
    lines = inside(room, "export").out.splitlines(keepends=True)
    stump = "".join(lines[:3])
    done = inside(empty, "import", "-", given=stump)
    assert done.code == 2 and head(empty) == 0
    assert "an export is not whole: it was cut off after 2 records" in done.err
    assert inside(empty, "import", "--partial", "-", given=stump).code == 0
    assert head(empty) == 2


@pytest.mark.parametrize("number", range(1, 5))
def test_an_export_that_lacks_a_record_is_not_imported(
    room: Path, backup: Path, empty: Path, number: int
) -> None:
    lines = inside(room, "export").out.splitlines(keepends=True)
    del lines[number]
    done = inside(empty, "import", "-", given="".join(lines))
    assert done.code == 2 and "the trailer does not match 3 records" in done.err
    assert head(empty) == 0


def test_exports_can_be_put_together(story: Path, room: Path, empty: Path) -> None:
    log = inside(story, "export").out
    late = {**event("happened", "2026", about=["lab"], id="late")}
    given = log.replace("\n", "\r\n").encode() + as_lines([late]) + log.encode()
    assert inside(empty, "import", "-", given=given).code == 0
    assert head(empty) == head(story) + 1
    done = inside(room, "import", "-", given=log.partition("\n")[0] + "\n" + log)
    assert done.code == 2 and "cut off after 0 records" in done.err


def test_an_empty_log_is_exported_and_imported(room: Path, empty: Path) -> None:
    done = inside(empty, "import", "-", given=inside(room, "export").out)
    assert done == (0, "imported 0 records; the head is at 0\n", "")


@pytest.mark.parametrize("view", [["export"], ["log"], ["status", "--format", "json"]])
def test_an_answer_that_cannot_be_written_is_said(story: Path, view: list[str]) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("wb") as nowhere:
        done = subprocess.run(
            command(story, *view), stdout=nowhere, stderr=subprocess.PIPE, env=environment()
        )
    assert done.returncode == 4
    assert done.stderr == b"Error: cannot write the answer: No space left on device\n"


def test_an_export_at_a_terminal_is_harmless(room: Path) -> None:
    append(room, event("happened", "2026", about=["lab"], headline="\x9b2J \u202e \x7f"))
    shown = at_a_terminal(room, "export")
    assert "\\u009b2J \\u202e \\u007f" in shown and "\x9b" not in shown


def test_an_import_at_a_terminal_shows_how_far_it_is(room: Path) -> None:
    shown = at_a_terminal(room, "import", str(SHIPPED))
    assert ("importing" in shown and "imported 130" not in shown) or "imported" in shown
    assert max(len(line) for line in re.split(r"[\r\n]", SEQUENCE.sub("", shown))) <= 80


@pytest.mark.parametrize(
    "written",
    ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00.5+01:00", "2026-01-01T00:00:00.000001Z"],
)
def test_times_of_recording_are_kept_to_the_microsecond(room: Path, written: str) -> None:
    record = event("happened", "2026", about=["lab"], recorded_at=written)
    assert inside(room, "import", "-", given=as_lines([record])).code == 0
    (kept,) = inside(room, "log", "--format", "jsonl").lines()
    assert kept["recorded_at"].startswith("2026-01-01T00:00:00.") and len(kept["recorded_at"]) == 27


@pytest.mark.parametrize("written", ["2026-01-01", "yesterday", "2026-01-01T00:00:00", 7, "", None])
def test_a_time_of_recording_that_is_none_is_refused(room: Path, written: object) -> None:
    record = event("happened", "2026", about=["lab"]) | {"recorded_at": written}
    done = inside(room, "import", "-", given=as_lines([record]))
    if written is None:
        assert done.code == 0
    else:
        assert done.code == 2 and "recorded_at" in done.err and head(room) == 0


def test_a_log_that_ends_in_the_future_is_pointed_out(empty: Path) -> None:
    record = event("happened", "2026", id="later", about=["x"])
    line = json.dumps({**record, "recorded_at": "2206-01-01T00:00:00Z"})
    done = inside(empty, "import", "-", given=line)
    assert done.code == 0
    assert "2206-01-01T00:00:00.000000Z, in the future" in done.err
