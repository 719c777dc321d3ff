"""Bounds, precision and qualifiers of expressions, worked out by hand."""

from __future__ import annotations

import pytest

from timeline.projections.when import when_json
from timeline.temporal import Bounds, EdtfError, parse_instant, read


def day(text: str | None) -> int | None:
    """The instant at which a UTC day begins."""
    return None if text is None else parse_instant(f"{text}T00:00:00Z")


def days(earliest: str | None, latest: str | None) -> Bounds:
    return Bounds(day(earliest), day(latest))


DATES = [
    ("2026-03-03", "day", "2026-03-03", "2026-03-04"),
    ("2026-03", "month", "2026-03-01", "2026-04-01"),
    ("2026-12", "month", "2026-12-01", "2027-01-01"),
    ("2026", "year", "2026-01-01", "2027-01-01"),
    ("2024-02-29", "day", "2024-02-29", "2024-03-01"),
    ("0000", "year", "0000-01-01", "0001-01-01"),
    ("-0001", "year", "-0001-01-01", "0000-01-01"),
    ("-0044-03-15", "day", "-0044-03-15", "-0044-03-16"),
    ("9999-12-31", "day", "9999-12-31", "+10000-01-01"),
    ("202X", "decade", "2020-01-01", "2030-01-01"),
    ("20XX", "century", "2000-01-01", "2100-01-01"),
    ("2XXX", "millennium", "2000-01-01", "3000-01-01"),
    ("XXXX", "era", "0000-01-01", "+10000-01-01"),
    ("-20XX", "century", "-2099-01-01", "-1999-01-01"),
    ("-000X", "decade", "-0009-01-01", "0000-01-01"),
    ("1XX3", "year", "1003-01-01", "1994-01-01"),
    ("1985-XX", "year", "1985-01-01", "1986-01-01"),
    ("1985-XX-XX", "year", "1985-01-01", "1986-01-01"),
    ("19XX-XX", "century", "1900-01-01", "2000-01-01"),
    ("1985-04-XX", "month", "1985-04-01", "1985-05-01"),
    ("1984-1X", "month", "1984-10-01", "1985-01-01"),
    ("15XX-12-25", "day", "1500-12-25", "1599-12-26"),
    ("15XX-12-XX", "month", "1500-12-01", "1600-01-01"),
    ("1560-XX-25", "day", "1560-01-25", "1560-12-26"),
    ("2015-02-X9", "day", "2015-02-09", "2015-02-20"),
    ("2016-02-X9", "day", "2016-02-09", "2016-03-01"),
    ("15XX-01-3X", "day", "1500-01-30", "1599-02-01"),
    ("XXXX-02-29", "day", "0000-02-29", "9996-03-01"),
    ("198X-21", "season", "1980-03-01", "1989-06-01"),
    ("19", "century", "1900-01-01", "2000-01-01"),
    ("00", "century", "0000-01-01", "0100-01-01"),
    ("-04", "century", "-0400-01-01", "-0300-01-01"),
    ("193", "decade", "1930-01-01", "1940-01-01"),
    ("-193", "decade", "-1930-01-01", "-1920-01-01"),
    ("2025-21", "season", "2025-03-01", "2025-06-01"),
    ("2025-22", "season", "2025-06-01", "2025-09-01"),
    ("2025-23", "season", "2025-09-01", "2025-12-01"),
    ("2025-24", "season", "2025-12-01", "2026-03-01"),
    ("2025-28", "season", "2025-12-01", "2026-03-01"),
    ("2025-29", "season", "2025-09-01", "2025-12-01"),
    ("2025-30", "season", "2025-12-01", "2026-03-01"),
    ("2025-31", "season", "2025-03-01", "2025-06-01"),
    ("2025-32", "season", "2025-06-01", "2025-09-01"),
    ("2025-33", "quarter", "2025-01-01", "2025-04-01"),
    ("2025-36", "quarter", "2025-10-01", "2026-01-01"),
    ("2025-38", "quadrimester", "2025-05-01", "2025-09-01"),
    ("2025-41", "semester", "2025-07-01", "2026-01-01"),
    ("Y170000002", "year", "+170000002-01-01", "+170000003-01-01"),
    ("Y17E8", "year", "+1700000000-01-01", "+1700000001-01-01"),
    ("Y-17E7", "year", "-170000000-01-01", "-169999999-01-01"),
    ("Y171010000S3", "era", "+171000000-01-01", "+172000000-01-01"),
    ("Y-171010000S2", "era", "-179999999-01-01", "-169999999-01-01"),
    ("1950S2", "century", "1900-01-01", "2000-01-01"),
    ("1950S3", "decade", "1950-01-01", "1960-01-01"),
    ("-1859S5", "year", "-1859-01-01", "-1858-01-01"),
    ("0000S2", "year", "0000-01-01", "0001-01-01"),
]


@pytest.mark.parametrize(("text", "precision", "earliest", "latest"), DATES)
def test_a_date_lies_within_its_unit(text: str, precision: str, earliest: str, latest: str) -> None:
    reading = read(text)
    assert reading.precision == precision
    assert reading.strict == reading.bounds == days(earliest, latest)
    assert reading.kind == "date"
    assert reading.qualifiers == ()


QUALIFIED = [
    ("1984~", ("approximate",), "1983-01-01", "1986-01-01"),
    ("1984?", ("uncertain",), "1983-01-01", "1986-01-01"),
    ("1984%", ("approximate", "uncertain"), "1983-01-01", "1986-01-01"),
    ("?1984~", ("approximate", "uncertain"), "1983-01-01", "1986-01-01"),
    ("2026-03~", ("approximate",), "2026-02-01", "2026-05-01"),
    ("2026-01~", ("approximate",), "2025-12-01", "2026-03-01"),
    ("2025-12-10~", ("approximate",), "2025-12-09", "2025-12-12"),
    ("2004-?06-11", ("uncertain",), "2004-06-10", "2004-06-13"),
    ("2025-22~", ("approximate",), "2025-03-01", "2025-12-01"),
    ("2025-36?", ("uncertain",), "2025-07-01", "2026-04-01"),
    ("197~", ("approximate",), "1960-01-01", "1990-01-01"),
    ("197X~", ("approximate",), "1960-01-01", "1990-01-01"),
    ("19?", ("uncertain",), "1800-01-01", "2100-01-01"),
    ("1950S2~", ("approximate",), "1800-01-01", "2100-01-01"),
    ("-0001~", ("approximate",), "-0002-01-01", "0001-01-01"),
    ("15XX-12-25~", ("approximate",), "1500-12-24", "1599-12-27"),
]


@pytest.mark.parametrize(("text", "qualifiers", "earliest", "latest"), QUALIFIED)
def test_a_qualifier_widens_by_one_unit_on_each_side(
    text: str, qualifiers: tuple[str, ...], earliest: str, latest: str
) -> None:
    reading = read(text)
    assert reading.qualifiers == qualifiers
    assert reading.bounds == days(earliest, latest)
    assert reading.strict == read("".join(c for c in text if c not in "?~%")).bounds


TIMES = [
    ("2026-03-04T00:11", "minute", "2026-03-04T00:11:00Z", "2026-03-04T00:12:00Z"),
    ("2026-03-04T00:11+08:00", "minute", "2026-03-03T16:11:00Z", "2026-03-03T16:12:00Z"),
    ("2026-03-04T00:11:30Z", "second", "2026-03-04T00:11:30Z", "2026-03-04T00:11:31Z"),
    ("2026-03-04T00:11:30-0330", "second", "2026-03-04T03:41:30Z", "2026-03-04T03:41:31Z"),
    ("2026-03-04T00:11:30+14", "second", "2026-03-03T10:11:30Z", "2026-03-03T10:11:31Z"),
    ("2026-03-04T00:11:30.25", "subsecond", "2026-03-04T00:11:30.25Z", "2026-03-04T00:11:30.26Z"),
    (
        "2026-03-04T00:11:30.12345678",
        "subsecond",
        "2026-03-04T00:11:30.123456Z",
        "2026-03-04T00:11:30.123457Z",
    ),
    ("2026-03-04T24:00", "minute", "2026-03-05T00:00:00Z", "2026-03-05T00:01:00Z"),
    ("2016-05-02T24:00:00", "second", "2016-05-03T00:00:00Z", "2016-05-03T00:00:01Z"),
    ("2026-03-04T00:11~", "minute", "2026-03-04T00:10:00Z", "2026-03-04T00:13:00Z"),
]


@pytest.mark.parametrize(("text", "precision", "earliest", "latest"), TIMES)
def test_a_time_of_day_lasts_as_long_as_its_last_unit(
    text: str, precision: str, earliest: str, latest: str
) -> None:
    reading = read(text)
    assert reading.precision == precision
    assert reading.bounds == Bounds(parse_instant(earliest), parse_instant(latest))


PERIODS = [
    ("1964/2008", "known", "known", "1964-01-01", "2009-01-01"),
    ("2025-22/..", "known", "open", "2025-06-01", None),
    ("2025-22/", "known", "unknown", "2025-06-01", None),
    ("../1985-04", "open", "known", None, "1985-05-01"),
    ("/1985-04", "unknown", "known", None, "1985-05-01"),
    ("/..", "unknown", "open", None, None),
    ("/", "unknown", "unknown", None, None),
    ("1984~/2004-06-11", "known", "known", "1983-01-01", "2004-06-12"),
    ("1984/2004-06~", "known", "known", "1984-01-01", "2004-08-01"),
    ("2000-12-XX/2012", "known", "known", "2000-12-01", "2013-01-01"),
    ("2026-03-03T10:00Z/2026-03-04", "known", "known", "2026-03-03T10:00", "2026-03-05"),
]


@pytest.mark.parametrize(("text", "begin_is", "end_is", "earliest", "latest"), PERIODS)
def test_a_period_runs_from_its_earliest_beginning_to_its_latest_end(
    text: str, begin_is: str, end_is: str, earliest: str | None, latest: str | None
) -> None:
    reading = read(text)
    assert (reading.kind, reading.precision) == ("period", "period")
    assert (reading.begin_is, reading.end_is) == (begin_is, end_is)
    first, _, last = text.partition("/")
    assert reading.begin == (read(first).bounds if begin_is == "known" else None)
    assert reading.end == (read(last).bounds if end_is == "known" else None)
    if earliest is not None and "T" in earliest:
        assert reading.bounds == Bounds(parse_instant(f"{earliest}:00Z"), day(latest))
    else:
        assert reading.bounds == days(earliest, latest)


SETS = [
    ("[1984]", "one-of", "1984-01-01", "1985-01-01"),
    ("[1667,1668,1670..1672]", "one-of", "1667-01-01", "1673-01-01"),
    ("{1960, 1961-12}", "all-of", "1960-01-01", "1962-01-01"),
    ("[1760-12,1667]", "one-of", "1667-01-01", "1761-01-01"),
    ("[..2026-03-02]", "one-of", None, "2026-03-03"),
    ("[2026-03-02..]", "one-of", "2026-03-02", None),
    ("{..1983,1990-XX}", "all-of", None, "1991-01-01"),
    ("[1984~,2004]", "one-of", "1983-01-01", "2005-01-01"),
    ("[1984..2004-06~]", "one-of", "1984-01-01", "2004-08-01"),
]


@pytest.mark.parametrize(("text", "kind", "earliest", "latest"), SETS)
def test_a_set_lies_between_its_first_and_last_member(
    text: str, kind: str, earliest: str | None, latest: str | None
) -> None:
    reading = read(text)
    assert (reading.kind, reading.precision, reading.level) == (kind, "set", 2)
    assert reading.bounds == days(earliest, latest)


def test_a_set_may_hold_times() -> None:
    reading = read("[2026-03-04T00:11+08:00..2026-03-04T02:00+08:00]")
    assert reading.bounds == Bounds(
        parse_instant("2026-03-03T16:11:00Z"), parse_instant("2026-03-03T18:01:00Z")
    )


REFUSED = [
    ("2026-13", "there is no month 13", "01 to 12"),
    ("2026-00-01", "there is no month 00", "01 to 12"),
    ("2026-02-30", "there is no day 30", "01 to 28"),
    ("2001-42", "there is no month or season 42", "01 to 12"),
    ("15XX-02-3X", "no day fits", "a day that the month has"),
    ("15XX-2X-25", "no month fits 2X", "01 to 12"),
    ("2026-03-04T25:00", "no such time of day", "24:00"),
    ("2026-03-04T23:59:60", "leap second", "59"),
    ("2026-03-04T10:00+15:00", "no offset +15:00", "-12:00 to +14:00"),
    ("2026-03-04T10:00-00:00", "offset is unknown", "Z"),
    ("", "a date is missing", "such as 2026-03-03"),
    ("[1984,]", "a date is missing", "such as 2026-03-03"),
    ("-0000-XX", "there is no -0000", "1 BCE"),
    ("2026-03-04T23:60", "no such time of day", "24:00"),
    ("2026-03-04T24:00:00.0000001", "no such time of day", "24:00"),
    ("2026 - 03", "not an EDTF date", "write 2026-03"),
    ("-0000", "there is no -0000", "1 BCE"),
    ("Y9999", "more than four digits", "1984"),
    ("Y1E99", "out of range", "10^15"),
    ("Y1E" + "9" * 400, "out of range", "10^15"),
    ("12345", "not an EDTF date", "write Y12345"),
    ("20260303", "not an EDTF date", "write 2026-03-03"),
    ("2026-3-3", "not an EDTF date", "write 2026-03-03"),
    ("2026/03/03", "more than one slash", "from/to"),
    ("2026-03-04 16:11", "not an EDTF date", "write 2026-03-04T16:11"),
    ("2026-03-04t16:11z", "not an EDTF date", "write 2026-03-04T16:11Z"),
    (" 2026", "not an EDTF date", "write 2026"),
    ("\u0662\u0660\u0662\u0666", "not an EDTF date", "0 to 9"),
    ("2026\u20132027", "not an EDTF date", "write 2026/2027"),
    ("2027/2026", "ends before it begins", "earlier/later"),
    ("[2027..2026]", "ends before it begins", "earlier/later"),
    ("2026/27", "cannot be part of", "four digits"),
    ("[2026", "without an end", "]"),
    ("[..]", "needs a date", "[..2026-03]"),
    ("[1984,..1990]", "open only at its two ends", "[..1900,1950]"),
    ("[1,2, 3]", "at some commas only", "no spaces"),
    ("9" * 501, "too long", "500"),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_cannot_be_is_refused_with_what_would_be_right(
    text: str, message: str, hint: str
) -> None:
    with pytest.raises(EdtfError) as refusal:
        read(text)
    assert message in refusal.value.message
    assert hint in (refusal.value.hint or "")


def test_when_shows_strict_and_widened_bounds() -> None:
    assert when_json(read("1984~")) == {
        "edtf": "1984~",
        "zone": "UTC",
        "precision": "year",
        "qualifiers": ["approximate"],
        "strict": ["1984-01-01T00:00:00.000000Z", "1985-01-01T00:00:00.000000Z"],
        "bounds": ["1983-01-01T00:00:00.000000Z", "1986-01-01T00:00:00.000000Z"],
    }


def test_when_shows_an_open_side_as_null() -> None:
    assert when_json(read("2026-03-03/.."))["bounds"] == ["2026-03-03T00:00:00.000000Z", None]
