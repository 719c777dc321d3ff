"""Appending over HTTP: the rules of the command line, in the name of whoever holds the token."""

from __future__ import annotations

import json

import pytest

from tests.running import as_lines, inside
from tests.web.writing import LINES, desk_at, told
from timeline.newsroom.newsroom import Newsroom
from timeline.records.models import LONGEST_BODY
from timeline.web.limits import LARGEST_BODY


@pytest.fixture
def room(tmp_path):
    Newsroom.init(tmp_path / "room")
    return tmp_path / "room"


@pytest.fixture
def desk(room):
    with desk_at(room) as desk:
        yield desk


def fields(response):
    """Where the problems of a response are."""
    return [(each.get("line"), each.get("field")) for each in response.json()["problems"]]


def test_a_record_is_answered_with_its_place(desk):
    done = desk.post("/api/append", told("a/b?c"), by="reporter")
    assert done.status_code == 201
    row = done.json()
    assert (row["id"], row["position"], row["story"], row["version"]) == ("a/b?c", 1, "story", 1)
    assert done.headers["ETag"] == '"story=1"'
    shown = desk.get(done.headers["Location"]).json()["record"]
    assert shown["recorded_by"] == "reporter"
    assert shown["recorded_at"] == row["recorded_at"]


def test_the_answer_is_byte_for_byte_that_of_the_command_line(desk, room):
    words = ["--id", "a", "--story", "story", "--when", "2026", "--about", "lab"]
    cited = ["--source", "https://example.org/report"]
    there = inside(room, "append", "happened", *words, *cited, "--format", "json")
    assert there.code == 0
    (record,) = desk.records()
    again = {name: record[name] for name in record if not name.startswith(("position", "recorded"))}
    here = desk.post("/api/append?format=jsonl", again)
    assert (here.status_code, here.headers["Content-Type"]) == (200, "application/jsonl")
    assert here.text == there.out


@pytest.mark.parametrize("kind", ["application/jsonl", "application/x-ndjson; charset=utf-8"])
def test_many_records_come_as_json_lines(desk, kind):
    content = as_lines([told("a"), told("b", "other"), told("c")])
    done = desk.post("/api/append", content=content, headers={"Content-Type": kind})
    assert done.status_code == 201
    answer = done.json()
    assert (answer["appended"], answer["known"]) == (3, 0)
    assert [(each["id"], each["version"]) for each in answer["records"]] == [
        ("a", 1),
        ("b", 1),
        ("c", 2),
    ]
    assert "ETag" not in done.headers  # They are of two stories.


def test_many_records_come_as_an_array(desk):
    done = desk.post("/api/append", [told("a"), told("b")])
    assert (done.status_code, done.json()["appended"]) == (201, 2)
    assert done.headers["ETag"] == '"story=2"'
    wrong = desk.post("/api/append", [told("c"), told("d", when="soon"), 7])
    assert wrong.status_code == 400 and fields(wrong) == [(2, "when"), (3, None)]


def test_no_records_are_no_mistake(desk):
    assert desk.post("/api/append", []).json() == {"appended": 0, "known": 0, "records": []}
    assert desk.post("/api/append", content=b"\n\n", headers=LINES).status_code == 200


def test_all_or_nothing_and_all_problems_at_once(desk):
    lines = (
        as_lines([told("a"), told("b", when="soon")])
        + b"{no json\n\n"
        + as_lines([{"type": "happend"}, told("a", body="other"), {**told("f"), "note": 1}])
    )
    done = desk.post("/api/append", content=lines, headers=LINES)
    assert done.status_code == 400
    assert done.headers["Content-Type"] == "application/problem+json"
    assert fields(done) == [(2, "when"), (3, None), (5, "type"), (6, "id"), (7, "note")]
    assert done.json()["complete"] is True
    assert desk.records() == []


def test_the_problems_are_those_of_the_command_line(desk, room):
    lines = as_lines([told("a", when="soon"), {"type": "happend"}, told("c", about=[])])
    told_there = inside(room, "append", "--json", "-", given=lines).err
    told_here = desk.post("/api/append", content=lines, headers=LINES).json()["detail"]
    there = [line.removeprefix("-:") for line in told_there.replace("Error: ", "").splitlines()]
    assert there == told_here.splitlines()


def test_sending_again_is_no_mistake_and_changes_nothing(desk):
    first = desk.post("/api/append", told("a"), by="reporter")
    again = desk.post("/api/append", told("a"), by="editor")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert again.headers["ETag"] == '"story=1"'
    mixed = desk.post("/api/append", [told("a"), told("b")])
    assert (mixed.status_code, mixed.json()["known"], mixed.json()["appended"]) == (201, 1, 1)
    other = desk.post("/api/append", told("a", body="something else"))
    assert other.status_code == 400 and fields(other) == [(None, "id")]
    assert len(desk.records()) == 2


def test_an_idempotency_key_is_the_id_of_the_record(desk):
    for status in (201, 200):
        done = desk.post("/api/append", told(), headers={"Idempotency-Key": '"k-1"'})
        assert (done.status_code, done.json()["id"]) == (status, "k-1")
    key = {"Idempotency-Key": "k-2"}
    assert desk.post("/api/append", told("k-2"), headers=key).status_code == 201
    assert fields(desk.post("/api/append", told("k-3"), headers=key)) == [(None, "Idempotency-Key")]
    assert fields(desk.post("/api/append", [told()], headers=key)) == [(None, "Idempotency-Key")]


def test_who_asks_is_who_recorded_it(desk):
    assert desk.post("/api/append", told("a", recorded_by="editor")).status_code == 201
    done = desk.post("/api/append", [told("b", recorded_by="the-editor-in-chief"), told("c")])
    assert done.status_code == 400 and fields(done) == [(1, "recorded_by")]
    assert [each["recorded_by"] for each in desk.records()] == ["editor"]


def test_the_time_of_recording_is_the_clocks(desk):
    done = desk.post("/api/append", told("a", recorded_at="2026-01-01T00:00:00Z"))
    assert done.status_code == 400 and fields(done) == [(None, "recorded_at")]


def test_a_reader_appends_nothing(desk):
    done = desk.post("/api/append", told(), by="reader")
    assert done.status_code == 403 and "reporter" in done.json()["detail"]


def test_a_reporter_appends_events_and_an_editor_amends(desk):
    amending = {"story": "story", "type": "dispute", "disputes": "a"}
    naming = {"story": "story", "type": "publication", "name": "first"}
    done = desk.post("/api/append", [told("a"), amending, naming], by="reporter")
    assert done.status_code == 403 and fields(done) == [(2, "type"), (3, "type")]
    assert desk.records() == []
    assert desk.post("/api/append", [told("a"), amending, naming], by="editor").status_code == 201


def test_nobody_appends_without_a_token(desk):
    assert desk.client.post("/api/append", json=told()).status_code == 401


def test_who_was_first_is_told_to_whoever_expected_another_version(desk):
    first = desk.post("/api/append", told("a"), headers={"If-Match": '"story=0"'})
    assert first.status_code == 201
    came = desk.post("/api/append", told("b", headline="Ada moves"), by="reporter")
    late = desk.post("/api/append", told("c"), headers={"If-Match": first.headers["ETag"]})
    assert late.status_code == 409
    answer = late.json()
    assert answer["stories"] == [{"story": "story", "expected": 1, "found": 2}]
    assert answer["between"] == [
        {**came.json(), "recorded_by": "reporter", "headline": "Ada moves"}
    ]
    assert "reporter at position 2: Ada moves" in answer["detail"]
    assert [each["id"] for each in desk.records()] == ["a", "b"]


def test_sending_again_is_no_conflict_with_oneself(desk):
    expecting = {"If-Match": '"story=0"'}
    assert desk.post("/api/append", told("a"), headers=expecting).status_code == 201
    desk.post("/api/append", told("b"))
    assert desk.post("/api/append", told("a"), headers=expecting).status_code == 200
    assert desk.post("/api/append", [told("a"), told("c")], headers=expecting).status_code == 409


def test_several_stories_may_be_expected_and_one_need_not_be_named(desk):
    both = {"If-Match": '"story=0", W/"other=0"'}
    assert desk.post("/api/append", [told("a"), told("b", "other")], headers=both).is_success
    done = desk.post("/api/append", [told("c"), told("d", "other")], headers=both)
    assert [each["story"] for each in done.json()["stories"]] == ["story", "other"]
    assert desk.post("/api/append", told("e"), headers={"If-Match": '"1"'}).status_code == 201
    unclear = desk.post("/api/append", [told("f"), told("g", "other")], headers={"If-Match": '"2"'})
    assert unclear.status_code == 400 and fields(unclear) == [(None, "If-Match")]


@pytest.mark.parametrize("tag", ["*", "story=1", '"story"', '"=1"', '"s=1", "s=2"', "", '"s=-1"'])
def test_a_version_that_cannot_be_read_is_refused(desk, tag):
    done = desk.post("/api/append", told("a"), headers={"If-Match": tag})
    assert done.status_code == 400 and fields(done) == [(None, "If-Match")]


def test_a_trial_tells_what_a_record_would_change_and_writes_nothing(desk):
    joining = {**told("j"), "type": "joined", "person": "ada", "organisation": "laboratory"}
    del joining["about"]
    assert desk.post("/api/append", joining).status_code == 201
    trying = {**joining, "id": "k", "person": "lin", "organisation": "laboratry"}
    done = desk.post("/api/append?dry_run=true", trying)
    assert done.status_code == 200
    answer = done.json()
    assert answer["dry_run"] and not answer["known"]
    assert (answer["id"], answer["position"], answer["version"]) == ("k", 2, 2)
    (change,) = answer["now"]["changes"]
    assert change["subject"] == "lin"
    assert answer["misspelt"] and "did you mean laboratory?" in answer["notes"][0]
    known = desk.post("/api/append?dry_run=true", joining).json()
    assert known["known"] and known["now"] is None
    several = desk.post("/api/append?dry_run=true", [joining, trying]).json()
    assert (several["dry_run"], several["appended"], several["known"]) == (True, 1, 1)
    assert len(desk.records()) == 1


def test_what_is_wrong_is_wrong_in_a_trial_too(desk):
    path = "/api/append?dry_run=true"
    assert desk.post(path, told(when="soon")).status_code == 400
    assert desk.post(path, told(), by="reader").status_code == 403
    assert desk.post(path, told(), headers={"If-Match": '"story=3"'}).status_code == 409


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{}", b'{"a": 1}\n{"a": 2}', b"NaN", b'"\\ud800"', b"[" * 100_000],
)
def test_what_is_no_json_is_refused(desk, content):
    done = desk.post("/api/append", content=content, headers={"Content-Type": "application/json"})
    assert done.status_code == 400 and "not JSON" in done.json()["detail"]


@pytest.mark.parametrize("content", [b"1", b"null", b'"text"', b"{}", b'{"type": 1}', b"[[]]"])
def test_what_is_no_record_is_refused(desk, content):
    done = desk.post("/api/append", content=content, headers={"Content-Type": "application/json"})
    assert done.status_code == 400 and done.json()["problems"]


@pytest.mark.parametrize("depth", [200, 300, 1000])
def test_deeply_nested_values_are_refused(desk, depth):
    nested = json.dumps({**told("a"), "qualifiers": 0}).replace("0}", "[" * depth + "]" * depth)
    for content in (nested + "}", f"[{nested}}}]"):
        done = desk.post(
            "/api/append", content=content, headers={"Content-Type": "application/json"}
        )
        assert done.status_code == 400
    lines = desk.post("/api/append", content=nested + "}\n", headers=LINES)
    assert lines.status_code == 400


def test_a_field_that_is_given_twice_is_refused(desk):
    content = json.dumps(told("a"))[:-1] + ', "id": "b"}'
    for body in (content, f"[{content}]"):
        done = desk.post("/api/append", content=body, headers={"Content-Type": "application/json"})
        assert done.status_code == 400 and fields(done) == [(None, "id")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types_are_not_read(desk, headers):
    done = desk.post("/api/append", content=json.dumps(told()), headers=headers)
    assert done.status_code == 415 and desk.records() == []


def test_a_body_that_is_too_large_is_not_read(desk):
    def endless():
        for _ in range(LARGEST_BODY // 2**20 + 1):
            yield b" " * 2**20

    for content in (b" " * (LARGEST_BODY + 1), endless()):
        done = desk.post("/api/append", content=content, headers=LINES)
        assert done.status_code == 413


def test_a_record_is_prose_and_no_file(desk):
    long = told("a", body="b" * 2**20)
    for value in (long, [told("b"), long]):
        done = desk.post("/api/append", value)
        assert done.status_code == 400 and "longer than 1024 KiB" in done.json()["detail"]
    many = [told(str(number), body="b" * LONGEST_BODY) for number in range(12)]
    assert desk.post("/api/append", many).status_code == 201


def test_parameters_that_are_none_are_refused(desk):
    assert desk.post("/api/append?dryrun=true", told()).status_code == 400
    assert desk.post("/api/append?format=xml", told()).status_code == 400


def test_whoever_asks_next_sees_what_was_appended(desk):
    asked = "/api/chronology/story?as_of=2030"
    for number in range(20):
        desk.post("/api/append", told(str(number)))
        assert len(desk.get(asked).json()["events"]) == number + 1


def test_an_import_keeps_times_and_names(desk, room, tmp_path):
    lines = as_lines(
        [
            told("a", recorded_by="Lin", recorded_at="2026-01-01T00:00:00Z"),
            told("b", recorded_by="Bo", recorded_at="2026-01-02T00:00:00Z"),
        ]
    )
    assert desk.post("/api/import", content=lines, headers=LINES).status_code == 403
    done = desk.post("/api/import", content=lines, headers=LINES, by="admin")
    assert done.status_code == 201 and done.json() == {"imported": 2, "known": 0, "head": 2}
    again = desk.post("/api/import", content=lines, headers=LINES, by="admin")
    assert again.status_code == 200 and again.json()["known"] == 2
    assert [each["recorded_by"] for each in desk.records()] == ["Lin", "Bo"]
    earlier = as_lines([told("c", recorded_at="2025-01-01T00:00:00Z")])
    wrong = desk.post("/api/import", content=earlier, headers=LINES, by="admin")
    assert wrong.status_code == 400 and fields(wrong) == [(1, "recorded_at")]
    assert desk.post("/api/import", told(), by="admin").status_code == 415


def test_the_schema_of_records_can_be_had(desk, room):
    found = desk.get("/api/schema").json()
    assert found == inside(room, "schema").json()


def test_the_document_describes_appending(desk):
    document = desk.get("/openapi.json").json()
    for path in ("/api/append", "/api/correct/{id}", "/api/resolve/{chosen}", "/api/tokens"):
        operation = document["paths"][path]["post"]
        assert operation["requestBody"]["content"]["application/json"]
        assert {"201", "400", "401", "403", "413", "415"} <= operation["responses"].keys()
