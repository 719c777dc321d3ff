"""Durations: how far apart two events are at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import DurationError, read_duration

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

READ = [
    ("PT48H", 48 * HOUR),
    ("P2D", 2 * DAY),
    ("P1W", 7 * DAY),
    ("P1W2DT3H4M5S", 9 * DAY + 3 * HOUR + 245 * SECOND),
    ("PT90M", 90 * 60 * SECOND),
    ("PT0.5S", SECOND // 2),
    ("PT1,25S", 1_250_000),
    ("PT0.000001S", 1),
    ("PT1.0000009S", SECOND),
    ("P007D", 7 * DAY),
    ("P106751991D", 106_751_991 * DAY),
]

REFUSED = [
    ("P1M", "differ in length", "P30D"),
    ("P1Y", "differ in length", "P365D"),
    ("P1Y2M3DT4H", "differ in length", "P30D"),
    ("P0D", "is zero", "PT48H"),
    ("PT0.0000001S", "is zero", "PT48H"),
    ("-PT1H", "has a sign", "has none"),
    ("+P1D", "has a sign", "has none"),
    ("pt48h", "is not a duration", "write PT48H"),
    (" P2D ", "is not a duration", "write P2D"),
    ("48 hours", "is not a duration", "such as PT48H"),
    ("P", "is not a duration", "such as PT48H"),
    ("PT", "is not a duration", "such as PT48H"),
    ("P1DT", "is not a duration", "such as PT48H"),
    ("P1H", "is not a duration", "such as PT48H"),
    ("PT1.5H", "is not a duration", "such as PT48H"),
    ("PT1H\n", "is not a duration", "write PT1H"),
    ("PT٤٨H", "is not a duration", "such as PT48H"),
    ("", "is not a duration", "such as PT48H"),
    ("P106751992D", "too long", "P106751991D"),
    ("P" + "9" * 10_000 + "D", "is not a duration", "such as PT48H"),
]


@pytest.mark.parametrize(("text", "length"), READ)
def test_a_duration_is_read_in_microseconds(text: str, length: int) -> None:
    assert read_duration(text) == length


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_is_no_duration_is_refused_with_what_would_be(
    text: str, message: str, hint: str
) -> None:
    with pytest.raises(DurationError) as caught:
        read_duration(text)
    assert message in caught.value.message and hint in str(caught.value.hint)


@given(*[st.integers(0, 10_000)] * 5, st.integers(1, 999_999))
def test_the_parts_of_a_duration_add_up(
    weeks: int, days: int, hours: int, minutes: int, seconds: int, fraction: int
) -> None:
    text = f"P{weeks}W{days}DT{hours}H{minutes}M{seconds}.{fraction:06}S"
    whole = (weeks * 7 + days) * DAY + hours * HOUR + (minutes * 60 + seconds) * SECOND
    assert read_duration(text) == whole + fraction


@given(st.text(max_size=20) | st.from_regex(r"P[0-9WDTHMSY.,]*", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read_duration(text) > 0
    except DurationError as error:
        assert error.message
