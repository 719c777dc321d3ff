"""What TimelineJS3 takes: its own rules for dates and texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.publishing.editions import amendment, filled, json_file, published
from tests.rooms import event


def an_event(when: str | None, **fields: Any) -> dict[str, Any]:
    found = event("happened", when or "", about=["lab"], **fields)
    return found if when else {key: value for key, value in found.items() if key != "when"}


def event_of(tmp_path: Path, *records: dict[str, Any], zone: str = "UTC") -> dict[str, Any]:
    room = filled(tmp_path / "room", *records, zone=zone)
    (found,) = events(published(room, tmp_path / "out", "--as-of", "9000"))
    return found


def events(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json_file(out, "timelinejs.json")["events"]
    return found


DAY_OF_MARCH = {"year": 2026, "month": 3, "day": 3}


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2026", {"year": 2026}, None),
        ("2026-03", {"year": 2026, "month": 3}, None),
        ("2026-03-03", DAY_OF_MARCH, None),
        ("2026-03-03T00:11+08:00", {**DAY_OF_MARCH, "hour": 0, "minute": 11}, None),
        ("2026-03-03T23:59:59Z", {**DAY_OF_MARCH, "hour": 23, "minute": 59, "second": 59}, None),
        ("1984~", {"year": 1983, "month": 1, "day": 1}, {"year": 1985, "month": 12, "day": 31}),
        ("[2026-03-03..2026-03-05]", DAY_OF_MARCH, {**DAY_OF_MARCH, "day": 5}),
        ("2026-03-03/2026-03-05", DAY_OF_MARCH, {**DAY_OF_MARCH, "day": 5}),
        ("[..2026-03-03]", DAY_OF_MARCH, None),
        ("[2026-03-03..]", DAY_OF_MARCH, None),
        ("-0043", {"year": -43, "month": 1, "day": 1}, {"year": -43, "month": 12, "day": 31}),
    ],
)
def test_each_kind_of_date_has_the_parts_that_are_known(
    tmp_path: Path, when: str, start: dict[str, int], end: dict[str, int] | None
) -> None:
    found = event_of(tmp_path, an_event(when))
    assert found["start_date"] == start
    assert found.get("end_date") == end


def test_a_date_is_said_in_words_with_whose_time_it_is(tmp_path: Path) -> None:
    found = event_of(tmp_path, an_event("2026-03-03", zone="Asia/Shanghai"))
    assert found["display_date"] == "3 March 2026, Beijing time"
    assert found["start_date"] == DAY_OF_MARCH


def test_a_spell_ends_when_it_ended(tmp_path: Path) -> None:
    spell = event("joined", "2026-03-03/2026-04-05", person="ann", organisation="lab")
    found = event_of(tmp_path, spell)
    assert found["start_date"] == DAY_OF_MARCH
    assert found["end_date"] == {"year": 2026, "month": 4, "day": 5}


def test_what_has_an_order_and_no_date_is_drawn_where_it_may_have_been(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        an_event("2026-03-03", id="first"),
        an_event("2026-03-05", id="last"),
        an_event(None, after=[{"id": "first"}], before=[{"id": "last"}]),
    )
    drawn = events(published(room, tmp_path / "out", "--as-of", "9000"))[1]
    assert drawn["start_date"]["day"] == 3
    assert drawn["end_date"] == {"year": 2026, "month": 3, "day": 5}


def test_what_has_no_date_at_all_is_left_out_and_counted(tmp_path: Path) -> None:
    room = filled(tmp_path / "room", an_event("2026"), an_event("/"))
    out = published(room, tmp_path / "out")
    assert len(events(out)) == 1
    title = json_file(out, "timelinejs.json")["title"]["text"]["text"]
    assert "1 event without a date cannot be shown." in title


def test_years_beyond_those_of_browsers_have_the_scale_for_them(tmp_path: Path) -> None:
    room = filled(tmp_path / "room", an_event("Y-280000"), an_event("2026"))
    assert (
        json_file(published(room, tmp_path / "far"), "timelinejs.json")["scale"] == "cosmological"
    )


def test_every_event_has_what_the_format_asks_for(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        an_event("2026-03-03", id="a", headline="<b>Fire</b> & smoke"),
        an_event("2026-03-04", id="b"),
        amendment("conflict", between=["a", "b"]),
    )
    found = json_file(published(room, tmp_path / "out"), "timelinejs.json")
    assert found["scale"] == "human"
    assert found["title"]["text"]["headline"] == "Story"
    ids = [shown["unique_id"] for shown in found["events"]]
    assert len(ids) == len(set(ids))
    for shown in found["events"]:
        assert shown["start_date"]["year"]
        assert shown["text"]["headline"]
        assert "one of several accounts" in shown["text"]["text"]
    assert found["events"][0]["text"]["headline"] == "&lt;b&gt;Fire&lt;/b&gt; &amp; smoke"
