"""Dates in words, as people type them."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from timeline import temporal
from timeline.errors import InputError
from timeline.temporal.natural_dates import (
    AmbiguousDate,
    Interpretation,
    interpret,
    interpret_or_refuse,
)

THURSDAY = temporal.parse_instant("2026-01-15T10:00:00Z")
"""In Shanghai it is six in the evening."""


def meant(text: str, zone: str = "Asia/Shanghai", now: int = THURSDAY) -> str:
    interpretation = interpret(text, zone, now)
    assert interpretation.phrase
    assert temporal.read(interpretation.edtf, zone)
    return interpretation.edtf


@pytest.mark.parametrize("first", ["2026-12-01T06:50:00Z", "2028-01-01T00:10:00Z"])
@pytest.mark.parametrize("time", ["noon", "3pm", "at 5am", "11:59pm"])
def test_a_time_alone_is_the_last_such_time_on_the_first_of_a_month_too(first: str, time: str):
    now = temporal.parse_instant(first)
    bounds = temporal.read(meant(time, "Europe/Berlin", now)).bounds
    assert now - 24 * 3_600_000_000 < bounds.earliest <= now


PHRASES = {
    "Thursday": "2026-01-15",
    "on thursday": "2026-01-15",
    "Thu 3pm": "2026-01-15T15:00+08:00",
    "last Thursday": "2026-01-08",
    "yesterday 3pm": "2026-01-14T15:00+08:00",
    "Yesterday at 3 PM": "2026-01-14T15:00+08:00",
    "3pm yesterday": "2026-01-14T15:00+08:00",
    "noon yesterday": "2026-01-14T12:00+08:00",
    "yesterday noon": "2026-01-14T12:00+08:00",
    "yesterday morning": "2026-01-14",
    "this afternoon": "2026-01-15",
    "Sunday night": "[2026-01-11..2026-01-12]",
    "last night": "[2026-01-14..2026-01-15]",
    "tonight": "[2026-01-15..2026-01-16]",
    "3 March 2026 night": "[2026-03-03..2026-03-04]",
    "3pm": "2026-01-15T15:00+08:00",
    "yesterday 6pm": "2026-01-14T18:00+08:00",
    "yesterday 18:00 +0530": "2026-01-14T18:00+05:30",
    "11:59pm": "2026-01-14T23:59+08:00",
    "now": "2026-01-15T18:00+08:00",
    "2 hours ago": "2026-01-15T16:00+08:00",
    "an hour ago": "2026-01-15T17:00+08:00",
    "ten minutes ago": "2026-01-15T17:50+08:00",
    "today": "2026-01-15",
    "the day before yesterday": "2026-01-13",
    "three days ago": "2026-01-12",
    "tomorrow": "2026-01-16",
    "Tuesday": "2026-01-13",
    "last Tuesday": "2026-01-13",
    "on Tuesday at 12:30": "2026-01-13T12:30+08:00",
    "last week": "[2026-01-05..2026-01-11]",
    "this week": "[2026-01-12..2026-01-18]",
    "a week ago": "[2026-01-05..2026-01-11]",
    "last month": "2025-12",
    "two months ago": "2025-11",
    "last year": "2025",
    "March": "2025-03",
    "January": "2026-01",
    "March 2026": "2026-03",
    "in March 2026": "2026-03",
    "March 3": "2025-03-03",
    "March 3rd": "2025-03-03",
    "3rd of March": "2025-03-03",
    "on the 3rd of March": "2025-03-03",
    "Jan 15": "2026-01-15",
    "16 January": "2025-01-16",
    "29 Feb": "2024-02-29",
    "3 March 2026": "2026-03-03",
    "Tuesday, 3 March 2026": "2026-03-03",
    "March 3, 2026 at 4:30pm": "2026-03-03T16:30+08:00",
    "3 March 2026 16:30:20": "2026-03-03T16:30:20+08:00",
    "3 March 2026 10:00 UTC": "2026-03-03T10:00Z",
    "3 March 2026 10:00 -0330": "2026-03-03T10:00-03:30",
    "2026-03-04 15:00": "2026-03-04T15:00+08:00",
    "on 2026-03-04 at 3pm": "2026-03-04T15:00+08:00",
}


@pytest.mark.parametrize(("phrase", "edtf"), PHRASES.items())
def test_a_phrase_means_no_more_than_was_said(phrase: str, edtf: str) -> None:
    assert meant(phrase) == edtf


SEASONS = [
    ("summer 2025", "2026-01-15", "2025-22"),
    ("the summer of 2025", "2026-01-15", "2025-22"),
    ("winter 2024/25", "2026-01-15", "2024-24"),
    ("last summer", "2026-01-15", "2025-22"),
    ("last summer", "2026-07-15", "2025-22"),
    ("last summer", "2026-10-15", "2026-22"),
    ("this spring", "2026-01-15", "2026-21"),
    ("this winter", "2026-01-15", "2025-24"),
    ("last winter", "2026-01-15", "2024-24"),
    ("next winter", "2026-01-15", "2026-24"),
    ("summer", "2026-01-15", "2025-22"),
    ("in the fall", "2026-10-15", "2026-23"),
]


@pytest.mark.parametrize(("phrase", "today", "edtf"), SEASONS)
def test_a_season_is_the_one_that_the_day_suggests(phrase: str, today: str, edtf: str) -> None:
    assert meant(phrase, now=temporal.parse_instant(f"{today}T10:00:00Z")) == edtf


@pytest.mark.parametrize("text", ["2026-03-03", "1984~", "[..2026-03]", "2025-22/..", "12"])
def test_edtf_is_left_as_it_is(text: str) -> None:
    assert interpret(text, "UTC", THURSDAY) == Interpretation(text, phrase=False)
    assert interpret(f" {text} ", "UTC", THURSDAY) == Interpretation(text, phrase=False)


def test_the_day_is_that_of_the_zone() -> None:
    late = temporal.parse_instant("2026-01-15T23:30:00Z")
    assert meant("today", "America/New_York", late) == "2026-01-15"
    assert meant("today", "Asia/Shanghai", late) == "2026-01-16"


def test_an_hour_ago_is_an_hour_ago_though_clocks_were_changed() -> None:
    after_the_change = temporal.parse_instant("2026-03-29T01:10:00Z")
    assert meant("now", "Europe/Berlin", after_the_change) == "2026-03-29T03:10+02:00"
    assert meant("an hour ago", "Europe/Berlin", after_the_change) == "2026-03-29T01:10+01:00"


def test_a_time_that_came_twice_keeps_both_meanings() -> None:
    assert meant("26 October 2025 2:30am", "Europe/Berlin") == "2025-10-26T02:30"
    assert meant("26 October 2025 3:30am", "Europe/Berlin") == "2025-10-26T03:30+01:00"


def test_an_offset_that_edtf_cannot_write_is_left_to_the_zone() -> None:
    assert meant("3 March 1850 10:00") == "1850-03-03T10:00"


AMBIGUOUS = [
    ("03/04/2026", {"2026-04-03", "2026-03-04"}),
    ("3.4.26", {"2026-04-03", "2026-03-04"}),
    ("on 3/4/2026 at 15:00", {"2026-04-03", "2026-03-04"}),
    ("26/03/04", {"2004-03-26", "2026-03-04"}),
]


@pytest.mark.parametrize(("text", "readings"), AMBIGUOUS)
def test_a_date_that_countries_read_differently_is_refused_with_its_readings(
    text: str, readings: set[str]
) -> None:
    with pytest.raises(AmbiguousDate) as refusal:
        interpret(text, "UTC", THURSDAY)
    assert set(refusal.value.readings) == readings
    assert all(reading in refusal.value.message for reading in readings)


DAY_FORMS = {
    "13/04/2026": "2026-04-13",
    "04/13/2026": "2026-04-13",
    "13.4.2026": "2026-04-13",
    "03/03/2026": "2026-03-03",
    "2026/03/04": "2026-03-04",
    "2026.3.4": "2026-03-04",
    "31.12.99": "1999-12-31",
    "13/04/2026 15:00": "2026-04-13T15:00Z",
}


@pytest.mark.parametrize(("text", "edtf"), DAY_FORMS.items())
def test_a_date_that_can_be_read_in_one_way_is_read(text: str, edtf: str) -> None:
    assert meant(text, "UTC") == edtf


NOT_UNDERSTOOD = [
    "asdf",
    "a",
    "on",
    "the",
    "second",
    "he said it may be 3",
    "9.30am yesterday",
    "24:00 yesterday",
    "1st",
    "on the 3rd",
    "3 Mar 26",
    "30 February 2026",
    "13/13/2026",
    "2026-13-04 15:00",
    "9999 years ago",
    "3 March 2026 10:00 CST",
    "last summer 2025",
    "winter 2024/26",
    "yesterday 10:00 +99:00",
    "yesterday 10:00 -00:00",
    "yesterday " * 100,
    "03/04/2026 " * 100,
    "\0",
]


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_no_date_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(temporal.EdtfError) as refusal:
        interpret(text, "UTC", THURSDAY)
    assert refusal.value.hint


def test_what_is_not_understood_is_answered_with_three_examples() -> None:
    with pytest.raises(temporal.EdtfError, match="'asdf' is not understood as a date") as refusal:
        interpret("asdf", "UTC", THURSDAY)
    assert '"yesterday 3pm", "3 March 2026" or "last summer"' in (refusal.value.hint or "")


EDTF_GONE_WRONG = {
    "2026-13-45": "no month 13",
    "2026-02-30": "no day 30",
    "[2026-01..": "set without an end",
    "2027/2026": "ends before it begins",
    "15:00": "not an EDTF date",
    "": "a date is missing",
}


@pytest.mark.parametrize(("text", "message"), EDTF_GONE_WRONG.items())
def test_edtf_gone_wrong_is_not_taken_for_words(text: str, message: str) -> None:
    with pytest.raises(temporal.EdtfError, match=message):
        interpret(text, "UTC", THURSDAY)


def test_edtf_in_lower_case_is_answered_with_its_proper_form() -> None:
    with pytest.raises(temporal.EdtfError) as refusal:
        interpret("2026-03-04t00:11z", "UTC", THURSDAY)
    assert refusal.value.hint == "write 2026-03-04T00:11Z"


def test_a_weekday_that_contradicts_the_day_is_refused() -> None:
    with pytest.raises(temporal.EdtfError, match="2026-03-03 is not a wed"):
        interpret("Wed 3 March 2026", "UTC", THURSDAY)


def test_a_refusal_on_the_command_line_names_the_option() -> None:
    assert interpret_or_refuse("yesterday", "UTC", THURSDAY, "--as-of") == "2026-01-14"
    with pytest.raises(InputError) as refusal:
        interpret_or_refuse("asdf", "UTC", THURSDAY, "--as-of")
    (problem,) = refusal.value.problems
    assert problem.field == "--as-of"


@freeze_time("2026-03-03T16:11:00Z")
def test_the_frozen_clock_is_the_one_that_counts() -> None:
    assert meant("yesterday", now=temporal.now()) == "2026-03-03"
    assert meant("yesterday 3pm", now=temporal.now()) == "2026-03-03T15:00+08:00"
