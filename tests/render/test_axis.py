"""The time axis: units that people count in, from seconds to ages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from timeline import temporal
from timeline.render.drawing.axis import ticks

FARTHEST = 200_000 * 31_556_952_000_000


def labels(start: str, end: str, most: int = 8, zone: str = "UTC") -> list[str]:
    return [tick.label for tick in ticks(*map(temporal.parse_instant, (start, end)), most, zone)]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-03-03T16:10:50Z", "2026-03-03T16:11:20Z", ["16:10:50", "16:10:55", "16:11"]),
        ("2026-03-03T16:00:00Z", "2026-03-04T04:00:00Z", ["18:00", "21:00", "4 Mar 2026"]),
        ("2026-03-01T00:00:00Z", "2026-03-06T12:00:00Z", ["1 Mar 2026", "2 Mar 2026"]),
        ("2026-02-20T00:00:00Z", "2026-03-28T00:00:00Z", ["23 Feb 2026", "2 Mar 2026"]),
        ("2025-11-15T00:00:00Z", "2026-05-15T00:00:00Z", ["Dec 2025", "2026", "Feb 2026"]),
        ("2021-06-01T00:00:00Z", "2026-06-01T00:00:00Z", ["2022", "2023", "2024"]),
        ("1789-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ["1800", "1850", "1900"]),
        ("-0350-01-01T00:00:00Z", "0450-01-01T00:00:00Z", ["300 BCE", "200 BCE", "100 BCE"]),
        ("-9000-01-01T00:00:00Z", "+12000-01-01T00:00:00Z", ["5000 BCE", "1 CE", "5000", "10,000"]),
    ],
)
def test_ticks_are_units_that_people_count_in(start, end, found):
    text = labels(start, end)
    assert any(text[n : n + len(found)] == found for n in range(len(text))), text


def test_days_begin_at_midnight_in_the_zone_also_when_clocks_are_changed():
    start, end = map(temporal.parse_instant, ("2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"))
    found = ticks(start, end, 4, "Europe/Berlin")
    assert [temporal.format_instant(tick.instant)[:16] for tick in found] == [
        "2026-03-28T23:00",
        "2026-03-29T22:00",
        "2026-03-30T22:00",
    ]


def test_an_hour_that_clocks_leave_out_is_not_on_the_axis():
    found = labels("2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", 6, "Europe/Berlin")
    assert found == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


@examples(200)
@given(
    st.integers(-FARTHEST, FARTHEST),
    st.integers(1_000_000, FARTHEST),
    st.integers(1, 20),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_ticks_are_few_in_order_and_within(start, length, most, zone):
    instants = [tick.instant for tick in ticks(start, start + length, most, zone)]
    assert instants == sorted(set(instants))
    assert all(start <= instant < start + length for instant in instants)
    assert len(instants) <= most + 2
