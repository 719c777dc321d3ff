"""Dates in words: each kind is said as what it is."""

from __future__ import annotations

import pytest

from timeline.temporal import read
from timeline.temporal.wording import said_date, said_end


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2026-03-01/2026-03-05", "from 1 March 2026 to 5 March 2026, Beijing time"),
        ("2026-03/..", "from March 2026 on"),
        ("../2026-03-05", "up to 5 March 2026, Beijing time"),
        ("2026-03-01/", "from 1 March 2026 to an unknown time, Beijing time"),
        ("/2026", "from an unknown time to 2026"),
        (
            "2026~/2027-21",
            "from some time between 2025 and 2027 (reported as about 2026) to spring 2027",
        ),
        ("1984%", "some time between 1983 and 1985 (reported as probably about 1984)"),
        ("2026-02~", "some time between January and March 2026 (reported as about February)"),
        (
            "2026-12?",
            "some time between November 2026 and January 2027 (reported as probably December 2026)",
        ),
        (
            "2026-03-06?",
            "some time between 5 and 7 March 2026 (reported as probably 6 March), Beijing time",
        ),
        (
            "2026-03-01~",
            "some time between 28 February and 2 March 2026 (reported as about 1 March), "
            "Beijing time",
        ),
        ("2026-03-04T00:11~", "about 4 March 2026, 00:11, Beijing time"),
        ("0001~", "about 1"),
        (
            "2026-03-01T10:00Z/2026-03-02",
            "from 1 March 2026, 10:00 UTC to 2 March 2026, Beijing time",
        ),
        ("[2026-03-01,2026-03-02]", "1 March 2026 or 2 March 2026, Beijing time"),
        ("{2026,2027,2028}", "2026, 2027 and 2028"),
        ("202X", "the 2020s"),
        ("202", "the 2020s"),
        ("20XX", "some time from 2000 to 2099"),
        ("2026-XX-XX", "some time in 2026"),
        ("2026-03-XX", "some time in March 2026"),
        ("2004-06-~01/2004-06-~20", "2004-06-~01/2004-06-~20, Beijing time"),
        ("-0043", "-0043, Beijing time"),
    ],
)
def test_a_date_that_is_not_exact_is_said_as_what_it_is(edtf: str, words: str) -> None:
    assert said_date(read(edtf, "Asia/Shanghai")) == words


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2025", "at the end of 2025"),
        ("2026-02", "at the end of February 2026"),
        ("2026-22", "at the end of summer 2026"),
        ("2026-03-03", "at the end of 3 March 2026, Beijing time"),
        ("2026-34", "at the end of 30 June 2026, Beijing time"),
        ("202X", "at the end of 31 December 2029, Beijing time"),
        ("1984~", "at the end of 1985"),
        ("2026-03?", "at the end of April 2026"),
        ("2026-03-XX", "at the end of March 2026"),
        ("[..2026-03-02]", "at the end of 2 March 2026, Beijing time"),
        ("2026-01/2026-03", "at the end of 31 March 2026, Beijing time"),
        ("2026/..", "after all dates"),
        ("Y170000", "at the end of Y170000"),
        ("2026-03-04T00:11", "as of 4 March 2026, 00:11, Beijing time"),
        ("2026-03-03T16:11:00Z", "as of 3 March 2026, 16:11:00 UTC"),
    ],
)
def test_a_date_as_a_point_in_time_is_its_end_and_a_time_of_day_itself(edtf: str, words: str):
    assert said_end(edtf, "Asia/Shanghai") == words
