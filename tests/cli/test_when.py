"""`timeline when`: one date for a person, or many for a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.running import inside


def test_many_dates_are_answered_line_by_line() -> None:
    given = b"2026\n2026-02-30\n\n \nfoo\n\xff\xfe\n\x001984\n2026-03-03\r\nyesterday\n1984~"
    done = inside(None, "when", "--format", "jsonl", "-", given=given)
    assert (done.code, done.err) == (0, "")
    answers = done.lines()
    assert len(answers) == 10
    good = [number for number, answer in enumerate(answers) if "bounds" in answer]
    assert good == [0, 7, 9]
    wrong = [answer for answer in answers if "bounds" not in answer]
    assert all(set(answer) == {"edtf", "error"} and answer["error"] for answer in wrong)
    assert [answer["edtf"] for answer in answers][:5] == ["2026", "2026-02-30", "", " ", "foo"]


def test_what_is_answered_for_many_is_what_is_answered_for_one() -> None:
    dates = ["2026-03-03", "1984~", "[2026-01..2026-03]", "{2020,2021}", "2026-03/..", "Y12000"]
    many = inside(None, "when", "-", "--format", "jsonl", given="\n".join(dates)).lines()
    one = [inside(None, "when", date, "--format", "json").json() for date in dates]
    assert many == one


def test_a_thousand_and_one_wrong_dates_do_not_stop_the_last() -> None:
    done = inside(None, "when", "-", "--format", "jsonl", given="x\n" * 1001 + "2026")
    answers = done.lines()
    assert len(answers) == 1002 and answers[-1]["precision"] == "year"


def test_no_dates_no_answers() -> None:
    assert inside(None, "when", "--format", "jsonl", "-") == (0, "", "")


def test_the_zone_moves_the_bounds(tmp_path: Path) -> None:
    given = inside(None, "when", "2026-03-03", "--zone", "Asia/Shanghai", "--format", "json").json()
    assert given["bounds"] == ["2026-03-02T16:00:00.000000Z", "2026-03-03T16:00:00.000000Z"]
    room = tmp_path / "desk"
    assert inside(None, "init", room, "--zone", "Asia/Shanghai").code == 0
    assert inside(room, "when", "2026-03-03", "--format", "json").json() == given
    many = inside(room, "when", "-", "--format", "jsonl", given="2026-03-03\n").lines()
    assert many == [given]


def test_an_unknown_zone_is_refused() -> None:
    for date in ("2026", "-"):
        done = inside(None, "when", date, "--zone", "Asia/Peking")
        assert done.code == 2 and "Asia/Peking" in done.err and "Traceback" not in done.err


@freeze_time("2026-03-04T09:00:00Z")
@pytest.mark.parametrize(
    ("words", "edtf"),
    [("yesterday", "2026-03-03"), ("last summer", "2025-22"), ("March 3", "2026-03-03")],
)
def test_words_are_read_and_echoed_with_their_bounds(words: str, edtf: str) -> None:
    done = inside(None, "when", words, "--format", "json")
    assert done.json()["edtf"] == edtf
    assert f"{words!r} is read as {edtf}: from 202" in done.err


def test_a_date_that_could_be_two_is_refused_with_both() -> None:
    done = inside(None, "when", "03/04/2026")
    assert (done.code, done.out) == (2, "")
    assert "2026-03-04" in done.err and "2026-04-03" in done.err


@pytest.mark.parametrize("date", ["2026-02-30", "2026-13", "2026-3-3", "", " ", "soon", "{2026"])
def test_what_is_no_date_is_refused_with_what_would_be_right(date: str) -> None:
    done = inside(None, "when", date)
    assert (done.code, done.out) == (2, "") and "(" in done.err


def test_a_year_before_our_era_needs_no_tricks() -> None:
    done = inside(None, "when", "-0044-03-15", "--format", "json")
    assert done.code == 0 and done.json()["bounds"][0] == "-0044-03-15T00:00:00.000000Z"


def test_people_see_both_strict_and_widened_bounds() -> None:
    done = inside(None, "when", "1984~")
    assert "strict       [1984-01-01T00:00:00.000000Z, 1985-" in done.out
    assert "bounds       [1983-01-01T00:00:00.000000Z, 1986-" in done.out
    assert "about 1984" in done.out
