"""Dates read in zones: clocks ahead and behind, put forward and set back, long ago and far off."""

from __future__ import annotations

import pytest

from timeline.temporal import (
    Bounds,
    EdtfError,
    ZoneError,
    format_instant,
    local_text,
    parse_instant,
    read,
)


def bounds(edtf: str, zone: str) -> list[str]:
    """The bounds as text, without fractions of a second."""
    return [
        format_instant(side).replace(".000000", "")
        for side in read(edtf, zone).bounds
        if side is not None
    ]


READ_IN_ZONES = [
    ("2026-03-03", "Asia/Shanghai", "2026-03-02T16:00:00Z", "2026-03-03T16:00:00Z"),
    ("2026-03-04T00:11", "Asia/Shanghai", "2026-03-03T16:11:00Z", "2026-03-03T16:12:00Z"),
    ("2026-03", "America/New_York", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"),
    ("2026-03-03T10:00Z", "Asia/Shanghai", "2026-03-03T10:00:00Z", "2026-03-03T10:01:00Z"),
    ("1900", "Asia/Shanghai", "1899-12-31T15:54:17Z", "1900-12-31T16:00:00Z"),
]


@pytest.mark.parametrize(("text", "zone", "earliest", "latest"), READ_IN_ZONES)
def test_a_date_is_read_by_the_clock_of_its_zone(
    text: str, zone: str, earliest: str, latest: str
) -> None:
    assert bounds(text, zone) == [earliest, latest]


OVERLAPS = [
    ("2025-10-26T02:30", "Europe/Berlin", "2025-10-26T00:30:00Z", "2025-10-26T01:31:00Z"),
    ("2025-10-26", "Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"),
    ("2025-11-02T01:30", "America/New_York", "2025-11-02T05:30:00Z", "2025-11-02T06:31:00Z"),
    ("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"),
]


@pytest.mark.parametrize(("text", "zone", "earliest", "latest"), OVERLAPS)
def test_where_clocks_are_set_back_both_passes_are_covered(
    text: str, zone: str, earliest: str, latest: str
) -> None:
    assert bounds(text, zone) == [earliest, latest]


GAPS = [
    ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z", "2026-03-29T01:31:00Z"),
    ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
    ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z", "2026-03-08T07:31:00Z"),
    ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),
    ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"),
]


@pytest.mark.parametrize(("text", "zone", "earliest", "latest"), GAPS)
def test_where_clocks_are_put_forward_the_offset_before_counts(
    text: str, zone: str, earliest: str, latest: str
) -> None:
    assert bounds(text, zone) == [earliest, latest]


def test_a_qualified_time_is_widened_by_elapsed_minutes_though_clocks_were_changed() -> None:
    assert bounds("2026-03-29T03:00~", "Europe/Berlin") == [
        "2026-03-29T00:59:00Z",
        "2026-03-29T01:02:00Z",
    ]


BEYOND_DATETIME = [
    ("0000", "UTC", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("0000", "Asia/Shanghai", "-0001-12-31T15:54:17Z", "0000-12-31T15:54:17Z"),
    ("9999", "Europe/Berlin", "9998-12-31T23:00:00Z", "9999-12-31T23:00:00Z"),
    ("Y10000", "Europe/Berlin", "9999-12-31T23:00:00Z", "+10000-12-31T23:00:00Z"),
    ("Y-1E12", "Asia/Shanghai", "-1000000000001-12-31T15:54:17Z", "-1000000000000-12-31T15:54:17Z"),
]


@pytest.mark.parametrize(("text", "zone", "earliest", "latest"), BEYOND_DATETIME)
def test_years_that_datetime_lacks_are_read_in_zones_too(
    text: str, zone: str, earliest: str, latest: str
) -> None:
    assert bounds(text, zone) == [earliest, latest]


def test_summer_time_is_kept_up_to_the_last_year_of_four_digits() -> None:
    assert read("9999-22", "Europe/Berlin").bounds == Bounds(
        parse_instant("9999-05-31T22:00:00Z"), parse_instant("9999-08-31T22:00:00Z")
    )


def test_an_offset_on_one_side_cannot_turn_a_period_round() -> None:
    assert read("2026-03-04/2026-03-04T01:00Z", "UTC").kind == "period"
    with pytest.raises(EdtfError, match="ends before it begins in America/New_York"):
        read("2026-03-04/2026-03-04T01:00Z", "America/New_York")


def test_an_unknown_zone_is_refused_with_those_it_resembles() -> None:
    with pytest.raises(ZoneError) as refusal:
        read("2026", "Europe/Berln")
    assert refusal.value.message == "there is no time zone 'Europe/Berln'"
    assert "Europe/Berlin" in (refusal.value.hint or "")


@pytest.mark.parametrize(
    "zone",
    ["", "/etc/passwd", "../zone", "Europe", "localtime", "right/UTC", "\0", "\ud800", "x" * 9999],
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(ZoneError):
        read("2026-03-04T00:11Z", zone)


def test_local_time_is_shown_with_its_offset() -> None:
    instant = parse_instant("2026-03-03T16:11:00Z")
    assert local_text(instant, "Asia/Shanghai") == "2026-03-04T00:11:00+08:00"
    assert local_text(instant, "UTC") == "2026-03-03T16:11:00+00:00"
