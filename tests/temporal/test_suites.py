"""What the test suites of edtf.js and UNT's edtf-validate state about each expression holds."""

from __future__ import annotations

import json

import pytest

from tests.shared import shared
from timeline.temporal import EdtfError, read

EDTF_JS = json.loads(shared("edtf/edtf_js_parser.json").read_text())
UNT = json.loads(shared("edtf/unt_edtf_validate.json").read_text())["lists"]

DATE_TIMES_IN_PERIODS = "our extension: periods may join date-times (UNT keeps to the standard)"
ACCEPTED_ALL_THE_SAME = {
    "2012-21/2012-22": "edtf.js refuses seasons in periods by default, UNT accepts 2003-22/2003-23",
    "2005-07-25T10:10:10Z/2006-01-01T10:10:10Z": DATE_TIMES_IN_PERIODS,
    "2005-07-25T10:10:10Z/2006-01": DATE_TIMES_IN_PERIODS,
    "2005-07-25/2006-01-01T10:10:10Z": DATE_TIMES_IN_PERIODS,
}
AT_ANOTHER_LEVEL = {
    "-0002": (1, "edtf.js has negative years at level 0, UNT and the standard at level 1"),
    "-9999": (1, "edtf.js has negative years at level 0, UNT and the standard at level 1"),
}

ACCEPTED_BY_EDTF_JS = {entry["edtf"]: entry["level"] for entry in EDTF_JS["accepted"]}
ACCEPTED_BY_EDTF_JS |= {
    entry["edtf"]: entry["level"] for entry in EDTF_JS["accepted"] if entry["level"] is not None
}
ACCEPTED_BY_UNT = {text: level for level in (0, 1, 2) for text in UNT[f"Level{level}"]}
INTERVALS_OF_UNT = {text: level for level in (0, 1, 2) for text in UNT[f"L{level}_Intervals"]}
REFUSED_BY_UNT = [text for name in UNT if name.startswith("invalid") for text in UNT[name]]


@pytest.mark.parametrize(("text", "level"), ACCEPTED_BY_EDTF_JS.items())
def test_what_edtf_js_accepts_is_read_at_its_level(text: str, level: int | None) -> None:
    reading = read(text)
    if text in AT_ANOTHER_LEVEL:
        assert reading.level == AT_ANOTHER_LEVEL[text][0] != level
    elif level is not None:
        assert reading.level == level


@pytest.mark.parametrize(("text", "level"), (ACCEPTED_BY_UNT | INTERVALS_OF_UNT).items())
def test_what_unt_accepts_is_read_at_its_level(text: str, level: int) -> None:
    assert read(text).level == level


def test_unt_states_the_same_level_for_an_interval_in_both_its_lists() -> None:
    both = ACCEPTED_BY_UNT.keys() & INTERVALS_OF_UNT.keys()
    assert all(ACCEPTED_BY_UNT[text] == INTERVALS_OF_UNT[text] for text in both)


@pytest.mark.parametrize("text", sorted({*EDTF_JS["rejected"], *REFUSED_BY_UNT}))
def test_what_the_suites_refuse_is_refused_with_a_reason(text: str) -> None:
    if text in ACCEPTED_ALL_THE_SAME:
        assert read(text).kind == "period"
        return
    with pytest.raises(EdtfError) as refusal:
        read(text)
    assert refusal.value.message
    assert refusal.value.hint
