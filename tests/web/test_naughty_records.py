"""The Big List of Naughty Strings over HTTP: kept exactly, and answered without harm."""

from __future__ import annotations

import pytest

from tests.robustness.test_naughty_strings import HARMFUL, naughty, records_with
from tests.running import as_lines
from tests.web.writing import LINES, desk_at, told
from timeline.newsroom.newsroom import Newsroom


@pytest.fixture
def desk(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        yield desk


def append_what_is_right(desk, records):
    """Append records: what the rules refuse is refused alone, and the rest is sent without it."""
    done = desk.post("/api/append", content=as_lines(records), headers=LINES)
    assert done.status_code in (200, 201, 400)
    wrong = {each["line"] for each in done.json().get("problems", ())}
    if wrong:
        rest = [each for line, each in enumerate(records, 1) if line not in wrong]
        assert desk.post("/api/append", content=as_lines(rest), headers=LINES).is_success


def test_naughty_text_is_kept_exactly(desk):
    records = [
        {**record, "id": f"{number}-{part}"}
        for number, text in enumerate(naughty())
        for part, record in enumerate(records_with(text, number))
    ]
    for start in range(0, len(records), 500):
        append_what_is_right(desk, records[start : start + 500])
    sent = {record["id"]: record for record in records}
    kept = desk.records()
    assert kept
    for record in kept:
        given = {name: record[name] for name in sent[record["id"]]}
        assert given == sent[record["id"]]


def test_naughty_ids_and_addresses_find_their_record(desk):
    for text in naughty():
        done = desk.post("/api/append", told(text))
        assert done.status_code == (201 if 1 <= len(text) <= 200 else 400)
        assert HARMFUL.search(done.text.replace("\n", "")) is None
        # The client of the tests decodes an address twice, and no client sends a path of dots.
        if done.status_code == 201 and "%" not in text and text not in (".", ".."):
            assert desk.get(done.headers["Location"]).json()["id"] == text


def test_naughty_values_of_fields_are_answered(desk):
    desk.post("/api/append", told("a"))
    for number, text in enumerate(naughty()):
        append_what_is_right(
            desk,
            [
                {**told(f"{number}-{field}"), field: text}
                for field in ("story", "type", "when", "zone", "about", "id")
            ],
        )
        answered = desk.post("/api/conflict", {"between": [text, "a"], "reason": text})
        assert answered.status_code in (201, 400)
