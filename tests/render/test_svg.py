"""The picture: well-formed, safe, and true about what it leaves out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given

from tests.examples import examples
from tests.render.answers import answer, answers, day, entry, of_day
from tests.shared import shared
from timeline.render.drawing.svg import MOST_DRAWN, chronology_svg

KEPT = Path(__file__).parents[2] / "projections/qwen/chronology.json"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(asked):
    return ElementTree.fromstring(chronology_svg(asked, "Asia/Shanghai"))


def text_of(svg) -> str:
    return " ".join("".join(each.itertext()) for each in svg.iter(f"{SVG}text"))


def ids_in(svg, panel: str) -> list[str]:
    """What is drawn in a panel, in the order of the answer."""
    groups = [each for each in svg.iter(f"{SVG}g") if each.get("class") == panel]
    return [each.get("data-id") for group in groups for each in group if each.get("data-id")]


def assert_is_safe(svg):
    assert svg.tag == f"{SVG}svg"
    for element in svg.iter():
        assert element.tag.removeprefix(SVG) not in {"script", "style", "foreignObject", "a"}
        for name, value in element.attrib.items():
            assert name != "style" and not name.startswith("on"), name
            assert "//" not in value or name == "data-id"


@examples(60)
@given(answers())
def test_it_is_well_formed_and_has_neither_script_nor_style(asked):
    svg = drawn(asked)
    assert_is_safe(svg)
    ids = [each["id"] for each in asked["events"]]
    assert ids_in(svg, "whole") == ids
    assert set(ids_in(svg, "closer")) <= set(ids)


def test_no_text_that_anybody_recorded_breaks_it():
    listed = json.loads(shared("blns/blns.json").read_text("utf-8"))
    strings = [*filter(None, listed), "\x00\x1b[31m\ufffe", "\x85\u2028"]
    for first in range(0, len(strings), 100):
        part = strings[first : first + 100]
        assert_is_safe(drawn(answer(*(of_day(text, "2026-01-01", headline=text) for text in part))))


def test_it_is_read_out_as_a_picture_with_a_name_and_a_way_to_the_list():
    svg = drawn(answer(of_day("a", "2026-03-04")))
    assert svg.get("role") == "img"
    named = {each.get("id"): each.text for each in svg if each.get("id")}
    assert named[svg.get("aria-labelledby")] == "Chronology of story"
    assert "1 event" in named[svg.get("aria-describedby")]
    assert "list" in named[svg.get("aria-describedby")]


def test_what_references_name_is_there():
    text = chronology_svg(
        answer(
            entry("open", None, day("2026-01-01")),
            entry("unknown", None, None),
            of_day("day", "2025-01-01"),
            entry("later", day("2026-01-01"), None, after=[{"id": "day"}]),
        ),
        "UTC",
    )
    ids = set(re.findall(r' id="([^"]+)"', text))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= ids
    assert 'class="band open-start"' in text and 'class="band open-start open-end"' in text
    assert 'class="link"' in text


def test_a_spell_is_vague_at_its_ends_and_solid_between():
    spell = entry(
        "a",
        day("2024-01-01"),
        day("2024-03-01"),
        until=["2026-01-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z"],
    )
    bars = [each.get("class") for each in drawn(answer(spell)).iter(f"{SVG}rect")]
    assert [kinds for kinds in bars if kinds in {"band", "during"}] == ["band", "during", "band"]


def test_it_says_how_many_have_no_room_for_a_label():
    svg = drawn(answer(*(of_day(f"h{n}", "2026-03-04") for n in range(30))))
    assert "6 of 30 have no room for a label" in text_of(svg)
    assert sum(each.get("class") == "label" for each in svg.iter(f"{SVG}text")) == 24


def test_where_much_happened_in_a_short_time_that_is_drawn_once_more_larger():
    busy = [of_day(f"b{n}", f"2026-03-{n % 9 + 10}") for n in range(40)]
    quiet = [of_day(f"q{n}", f"20{n + 10}-01-01") for n in range(16)]
    svg = drawn(answer(*quiet, *busy))
    assert len(ids_in(svg, "whole")) == 56
    assert {each["id"] for each in busy} >= set(ids_in(svg, "closer"))
    assert len(ids_in(svg, "closer")) >= 28
    assert any(each.get("class") == "frame" for each in svg)
    evenly = drawn(answer(*(of_day(f"h{n}", f"2026-03-{n // 10 + 1:02}") for n in range(200))))
    assert ids_in(evenly, "closer") == []


def test_more_than_can_be_seen_are_counted_and_none_is_lost():
    undated = [entry(f"u{n}", None, None) for n in range(3)]
    dated = [of_day(f"h{n}", f"20{n % 90 + 10}-03-04") for n in range(MOST_DRAWN)]
    svg = drawn(answer(*dated, *undated))
    assert_is_safe(svg)
    counts = [int(each.get("data-count")) for each in svg.iter() if each.get("data-count")]
    assert sum(counts) == MOST_DRAWN
    assert "403 events" in text_of(svg)
    assert "3 without a date are not shown" in text_of(svg)


def test_nothing_at_all_is_drawn_as_such():
    assert "Nothing is known to have happened." in text_of(drawn(answer()))


def test_the_shipped_story_is_drawn_whole():
    asked = json.loads(KEPT.read_text("utf-8"))
    svg = drawn(asked)
    assert_is_safe(svg)
    assert ids_in(svg, "whole") == [each["id"] for each in asked["events"]]
    assert "Enlarged: from 15 February 2026 to 20 March 2026" in text_of(svg)
    assert "decided against" in text_of(svg) and "corrected" in text_of(svg)
