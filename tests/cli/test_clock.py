"""A clock that leaps: no record takes a time that holds up all records after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.rooms import event
from tests.running import Done, as_lines, head, inside

RECORD = event("happened", "2026", about=["lab"])
ALONE = (
    "append", "happened", "--story", "story", "--about", "lab", "--when", "2026",
    "--source", "https://example.org",
)  # fmt: skip


def after(days: int) -> str:
    """The time so many days from now."""
    return (datetime.now(UTC) + timedelta(days)).isoformat()


def append(room: Path, *words: str) -> Done:
    return inside(room, "append", "--json", "-", *words, given=as_lines([RECORD]))


@pytest.mark.parametrize("words", [["append", "--json", "-"], ["import", "-"], [*ALONE]])
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_clock_that_leaps_years_ahead_is_refused_unless_it_is_right(
    room: Path, words: list[str], is_empty: bool
) -> None:
    before = 0 if is_empty else 1
    if not is_empty:
        assert append(room).code == 0
    with freeze_time(after(3650)):
        done = inside(room, *words, given=as_lines([RECORD]))
        assert done.code == 2 and "days after the log was last written" in done.err
        assert "--accept clock" in done.err and head(room) == before
        assert inside(room, *words, "--accept", "clock", given=as_lines([RECORD])).code == 0
        assert append(room).code == 0
    assert head(room) == before + 2


def test_a_dry_run_meets_the_same_refusal(room: Path) -> None:
    with freeze_time(after(3650)):
        done = inside(room, *ALONE, "--dry-run")
    assert done.code == 2 and "--accept clock" in done.err


def test_amendments_are_refused_too(room: Path) -> None:
    assert inside(room, *ALONE, "--id", "so").code == 0
    with freeze_time(after(3650)):
        assert inside(room, "retract", "so", "--reason", "r").code == 2
        assert inside(room, "retract", "so", "--reason", "r", "--accept", "clock").code == 0


def test_a_newsroom_may_rest_for_a_season(room: Path) -> None:
    assert append(room).code == 0
    with freeze_time(after(200)):
        assert append(room).code == 0
    with freeze_time(after(400)):
        assert append(room).code == 0


def test_an_old_log_can_be_imported_and_gone_on_with(room: Path) -> None:
    old = {**RECORD, "id": "old", "recorded_at": "1999-01-01T00:00:00Z"}
    assert inside(room, "import", "-", given=as_lines([old])).code == 0
    assert append(room).code == 0


def test_status_warns_of_a_time_in_the_future(room: Path) -> None:
    assert append(room).code == 0
    assert "warnings" not in inside(room, "status", "--format", "json").json()
    ahead = {**RECORD, "id": "ahead", "recorded_at": after(30)}
    assert inside(room, "import", "-", given=as_lines([ahead])).code == 0
    (warning,) = inside(room, "status", "--format", "json").json()["warnings"]
    assert "the last record has a time in the future" in warning


def test_a_database_is_compared_with_the_time_of_its_settings(database: str) -> None:
    where = "--log", database, "append", "--json", "-"
    with freeze_time(after(3650)):
        done = inside(None, *where, given=as_lines([RECORD]))
        assert done.code == 2 and "--accept clock" in done.err
        assert inside(None, *where, "--accept", "clock", given=as_lines([RECORD])).code == 0
