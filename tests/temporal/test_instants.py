"""Instants as text, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from timeline.temporal import InstantError, format_instant, now, parse_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers() | st.integers(-(10**24), 10**24))
def test_an_instant_is_read_back_as_it_was_written(instant: int) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(st.datetimes())
def test_instants_agree_with_datetime(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    instant = parse_instant(aware.isoformat())
    assert instant == (aware - EPOCH) // timedelta(microseconds=1)
    year, rest = f"{moment.year:04}", moment.strftime("-%m-%dT%H:%M:%S.%f")
    assert format_instant(instant) == f"{year}{rest}Z"


WRITTEN = [
    ("1970-01-01T00:00:00.000000Z", 0),
    ("1969-12-31T23:59:59.999999Z", -1),
    ("2026-03-03T16:11:00.000000Z", 1_772_554_260_000_000),
    ("0000-01-01T00:00:00.000000Z", -62_167_219_200_000_000),
    ("-0001-12-31T23:59:59.999999Z", -62_167_219_200_000_001),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ("+10000-01-01T00:00:00.000000Z", 253_402_300_800_000_000),
]


@pytest.mark.parametrize(("text", "instant"), WRITTEN)
def test_an_instant_has_one_way_to_be_written(text: str, instant: int) -> None:
    assert format_instant(instant) == text
    assert parse_instant(text) == instant


SAME = [
    ("2026-03-04T00:11:00+08:00", "2026-03-03T16:11:00Z"),
    ("2026-03-03t16:11:00z", "2026-03-03T16:11:00Z"),
    ("2026-03-03T16:11:00.5Z", "2026-03-03T16:11:00.500000Z"),
    ("2026-03-03T16:11:00.1234569Z", "2026-03-03T16:11:00.123456Z"),
    ("2026-03-03T16:11:00-00:00", "2026-03-03T16:11:00Z"),
    ("2026-03-03T16:11:00-23:59", "2026-03-04T16:10:00Z"),
]


@pytest.mark.parametrize(("text", "same"), SAME)
def test_every_form_of_rfc_3339_is_read(text: str, same: str) -> None:
    assert parse_instant(text) == parse_instant(same)


REFUSED = [
    ("2026-03-03T16:11:00", "with an offset"),
    ("2026-03-03", "RFC 3339"),
    ("2026-03-03 16:11:00Z", "RFC 3339"),
    ("2026-13-03T16:11:00Z", "no month 13"),
    ("2026-02-29T16:11:00Z", "no day 29"),
    ("2026-03-03T24:00:00Z", "no such time"),
    ("2016-12-31T23:59:60Z", "leap second"),
    ("2026-03-03T16:11:00+24:00", "no such offset"),
    ("-0000-01-01T00:00:00Z", "RFC 3339"),
    ("+2026-01-01T00:00:00Z", "RFC 3339"),
    ("12026-01-01T00:00:00Z", "RFC 3339"),
    ("\uff12026-03-03T16:11:00Z", "RFC 3339"),
    ("2026-03-03T16:11:00Z\n", "RFC 3339"),
    ("9" * 1_000_000, "RFC 3339"),
    ("", "RFC 3339"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_instant_is_refused_with_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(InstantError) as refusal:
        parse_instant(text)
    assert message in refusal.value.message
    assert refusal.value.hint


@given(st.text())
def test_any_text_is_an_instant_or_refused(text: str) -> None:
    try:
        parse_instant(text)
    except InstantError as refusal:
        assert refusal.message


@freeze_time("2026-03-03T16:11:00.123456Z")
def test_the_clock_can_be_frozen() -> None:
    assert format_instant(now()) == "2026-03-03T16:11:00.123456Z"
