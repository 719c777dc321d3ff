"""What holds of every expression."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.temporal import EdtfError, ZoneError, read

YEARS = st.from_regex(r"-?[0-9X]{4}", fullmatch=True)
QUALIFIER = st.sampled_from(["", "", "", "?", "~", "%"])
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia", "Europe/Berlin"]
)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Something like a date, though there may be no such day."""
    text = draw(YEARS)
    for _ in range(draw(st.integers(0, 2))):
        text += draw(QUALIFIER) + "-" + draw(st.from_regex(r"[0-3X][0-9X]", fullmatch=True))
    time = draw(
        st.sampled_from(["", "", "", "T10:30", "T23:59:59.5", "T24:00:00Z", "T00:00+08:00"])
    )
    return text + time + draw(QUALIFIER)


EXPRESSIONS = (
    dates()
    | st.builds("{}/{}".format, dates() | st.sampled_from(["", ".."]), dates())
    | st.builds("[{}..{}]".format, dates() | st.just(""), dates())
    | st.builds("{{{},{}}}".format, dates(), dates())
)
LIKE_EDTF = st.text("0123456789XYTZES?~%/.,[]{}:+- ", max_size=30)


@given(st.text() | LIKE_EDTF | EXPRESSIONS, ZONES)
@example("\0", "UTC")
@example("\U0001f4f0", "UTC")
@example("\ud800", "UTC")
@example("9" * 1_000_000, "UTC")
@example("\uff12\uff10\uff12\uff16", "UTC")
@example("\u0662\u0660\u0662\u0666-03", "UTC")
@example("/" * 500, "UTC")
@example("[" + "," * 498 + "]", "UTC")
@example("[" + " " * 498 + "]", "UTC")
@example("XXXX-02-3X", "UTC")
@example("2026\n", "UTC")
def test_any_text_is_read_or_refused(text: str, zone: str) -> None:
    try:
        assert read(text, zone).edtf == text
    except EdtfError as refusal:
        assert refusal.message
        assert refusal.hint


@given(st.text())
def test_any_zone_is_known_or_refused(zone: str) -> None:
    try:
        read("2026-03-03", zone)
    except ZoneError as refusal:
        assert refusal.hint


@given(EXPRESSIONS, ZONES)
def test_strict_bounds_lie_within_the_widened_ones_and_neither_is_empty(
    text: str, zone: str
) -> None:
    try:
        reading = read(text, zone)
    except EdtfError:
        return
    strict, bounds = reading.strict, reading.bounds
    if strict.earliest is None:
        assert bounds.earliest is None
    else:
        assert bounds.earliest is not None
        assert bounds.earliest <= strict.earliest
    if strict.latest is None:
        assert bounds.latest is None
    else:
        assert bounds.latest is not None
        assert strict.latest <= bounds.latest
    if strict.earliest is not None and strict.latest is not None:
        assert strict.earliest < strict.latest
    assert bool(reading.qualifiers) == any(mark in text for mark in "?~%")


@given(dates(), dates(), ZONES)
def test_a_period_runs_from_the_first_of_its_beginning_to_the_last_of_its_end(
    begin: str, end: str, zone: str
) -> None:
    try:
        reading = read(f"{begin}/{end}", zone)
    except EdtfError:
        return
    assert reading.begin == read(begin, zone).bounds
    assert reading.end == read(end, zone).bounds
    assert reading.bounds == (reading.begin.earliest, reading.end.latest)


@given(st.dates())
def test_days_agree_with_datetime(day: date) -> None:
    earliest, latest = read(day.isoformat()).bounds
    assert earliest == (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000_000
    assert latest == earliest + 86_400_000_000


@given(st.integers(1, 9998), ZONES)
def test_the_days_of_a_year_cover_it(year: int, zone: str) -> None:
    whole = read(f"{year:04}", zone).bounds
    first, last = read(f"{year:04}-01-01", zone).bounds, read(f"{year:04}-12-31", zone).bounds
    assert whole == (first.earliest, last.latest)
    assert first.latest is not None
    assert last.earliest is not None
    assert first.latest < last.earliest


YEARS = st.integers(1, 9999).map("{:04}".format)
TWO_DIGITS = st.integers(0, 99).map("{:02}".format)
PLAIN = st.one_of(
    st.dates().map(str),
    st.datetimes().map("{:%Y-%m-%dT%H:%M:%S}Z".format),
    st.builds("{}-{}".format, YEARS, TWO_DIGITS),
    st.builds("{}-{}-{}T{}:{}+{}:{}".format, YEARS, *[st.integers(0, 25).map("{:02}".format)] * 6),
)


@given(PLAIN)
def test_plain_dates_read_the_same_by_the_short_way(text):
    """Most dates are read by C in UTC; in a zone that is the same they take the long way."""
    try:
        long = read(text, "Etc/UTC")
    except EdtfError:
        with pytest.raises(EdtfError):
            read(text)
    else:
        assert read(text) == long._replace(zone="UTC")
