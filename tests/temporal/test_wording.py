"""Dates in words: each kind is said as what it is."""

from __future__ import annotations

import pytest

from timeline.temporal import read
from timeline.temporal.wording import said_date


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2026-03-01/2026-03-05", "from 1 March 2026 to 5 March 2026, Beijing time"),
        ("2026-03/..", "from March 2026 on"),
        ("../2026-03-05", "up to 5 March 2026, Beijing time"),
        ("2026-03-01/", "from 1 March 2026 to an unknown time, Beijing time"),
        ("/2026", "from an unknown time to 2026"),
        ("2026~/2027-21", "from about 2026 to spring 2027"),
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
