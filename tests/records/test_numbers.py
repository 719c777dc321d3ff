"""Numbers as people write them: one value however it is written, and bounds where it is vague."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from timeline.records.numbers import EXACT, canonical, read, said, why_text

whole = st.integers(-EXACT, EXACT)
fractions = st.decimals(-(10**9), 10**9, places=2).map(float)


@pytest.mark.parametrize(
    "written",
    [
        "100 million",
        "100000000",
        "100,000,000",
        "100 000 000",
        "100mn",
        "0.1bn",
        "one hundred million",
    ],
)
def test_equal_numbers_written_apart_are_one_value(written):
    assert canonical(written) == canonical(100_000_000) == 100_000_000


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("more than 650", [650, None]),
        ("over 650", [650, None]),
        ("At least 650", [650, None]),
        ("90,000+", [90_000, None]),
        ("90,000-plus", [90_000, None]),
        ("650 or more", [650, None]),
        ("fewer than 20", [None, 20]),
        ("up to 20", [None, 20]),
        ("650–700", [650, 700]),
        ("650-700", [650, 700]),
        ("650 to 700", [650, 700]),
        ("between 650 and 700", [650, 700]),
        ("1.5-2 million", [1_500_000, 2_000_000]),
    ],
)
def test_a_vague_number_is_text_with_bounds(written, bounds):
    assert read(written).as_json() == bounds
    assert canonical(written) == written


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("about 500", [400, 600]),
        ("some 500", [400, 600]),
        ("about 520", [510, 530]),
        ("about 1.5 billion", [1_400_000_000, 1_600_000_000]),
        ("about 1.50 billion", [1_490_000_000, 1_510_000_000]),
        ("nearly 500", [400, 500]),
        ("almost 500", [400, 500]),
        ("just over 500", [500, 600]),
        ("about 0", [-1, 1]),
    ],
)
def test_about_is_one_unit_of_the_last_significant_digit(written, bounds):
    assert read(written).as_json() == bounds


@pytest.mark.parametrize(
    "written", ["dozens", "hundreds", "some", "overall", "a lead", "qwen-team", ""]
)
def test_words_are_text_and_no_number_is_made_of_them(written):
    assert read(written) is None and canonical(written) == written and why_text(written) is None


@pytest.mark.parametrize("written", ["1.500", "1,5", "12.345", "1.234.567", "1'000", "about 1.500"])
def test_digits_that_mean_different_numbers_in_different_countries_stay_text(written):
    assert read(written) is None and canonical(written) == written
    assert why_text(written) == (
        "write 1,500 for thousands, 1.5 for a fraction (1.5000 for one with three digits)"
    )


@pytest.mark.parametrize("written", ["5m", "90,000 enterprises", "007", "2-1", "700-650", "10 K"])
def test_what_is_not_surely_a_number_alone_stays_text(written):
    assert read(written) is None and canonical(written) == written
    assert "write the number alone" in why_text(written)


def test_a_unit_that_is_written_with_the_number_stays_with_it():
    assert canonical("$1.5bn") == canonical("$1.5 billion") == "$1,500,000,000"
    assert canonical("12 per cent") == canonical("12.0%") == "12%"
    assert read("more than $1.5bn").as_json() == [1_500_000_000, None]
    assert not read("12%").overlaps(read("12")) and not read("$5").overlaps(read("€5"))


def test_a_number_that_json_does_not_keep_exact_is_text_in_one_form():
    assert canonical("20,000,000,000,000,000,000") == "20000000000000000000"
    assert canonical("20 million million") == "20 million million"
    assert canonical("0.1234567890123456789") == "0.1234567890123456789"


@given(whole | fractions)
def test_what_is_said_of_a_number_is_read_as_that_number(number):
    written = said(number)
    assume(why_text(written) is None)
    assert canonical(written) == number


@given(
    st.sampled_from(
        [
            "{}",
            "more than {}",
            "at least {}",
            "up to {}",
            "about {}",
            "nearly {}",
            "{}+",
            "just over {}",
        ]
    ),
    whole,
)
def test_bounds_contain_the_number_as_written(pattern, number):
    bounds = read(pattern.format(said(number)))
    assert bounds is not None
    assert bounds.lowest is None or bounds.lowest <= Decimal(number)
    assert bounds.highest is None or Decimal(number) <= bounds.highest


@given(whole, whole)
def test_a_range_has_the_bounds_that_were_written(one, other):
    low, high = sorted((abs(one), abs(other)))
    assert read(f"{said(low)}–{said(high)}").as_json() == [low, high]


@given(st.text(max_size=30))
def test_any_text_is_either_read_or_kept(text):
    assert read(text) is not None or canonical(text) == text
    assert canonical(canonical(text)) == canonical(text)
