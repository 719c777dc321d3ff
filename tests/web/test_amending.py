"""Amendments over HTTP: one address for each command that amends."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from tests.web.writing import desk_at, told
from timeline.newsroom.newsroom import Newsroom


@pytest.fixture
def desk(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        records = [told("a"), told("b", headline="Otherwise"), told("c/d e")]
        assert desk.post("/api/append", records).status_code == 201
        yield desk


def reading(desk, id):
    return desk.get(f"/api/show/{quote(id, safe='')}").json()


def fields(response):
    return [each.get("field") for each in response.json()["problems"]]


def test_a_correction_changes_how_a_event_reads(desk):
    said = {"changes": {"when": "2025", "body": "b"}, "reason": "a slip", "severity": "minor"}
    done = desk.post("/api/correct/a", said)
    assert done.status_code == 201 and done.headers["ETag"] == '"story=4"'
    shown = reading(desk, "a")
    assert shown["reads"]["content"]["when"] == "2025"
    (amendment,) = shown["amendments"]
    assert amendment["id"] == done.json()["id"]
    assert (amendment["severity"], amendment["recorded_by"]) == ("minor", "editor")


def test_retracting_and_restoring(desk):
    assert desk.post("/api/retract/c%2Fd%20e", {"reason": "withdrawn"}).status_code == 201
    assert reading(desk, "c/d e")["stands"] is False
    again = desk.post("/api/retract/c%2Fd%20e", {"reason": "withdrawn"})
    assert unquote(again.headers["Timeline-Note"]) == "c/d e is retracted already"
    assert desk.post("/api/restore/c/d e", {"reason": "it is so"}).status_code == 201
    assert reading(desk, "c/d e")["stands"] is True


def test_a_dispute_needs_no_reason_and_a_confirmation_takes_a_source_in_its_place(desk):
    assert desk.post("/api/dispute/a", {}).status_code == 201
    assert reading(desk, "a")["standing"] == "disputed"
    said = {"sources": [{"publisher": "Agency"}], "id": "confirmed"}
    done = desk.post("/api/confirm/a", said)
    assert done.json()["id"] == "confirmed" and reading(desk, "a")["standing"] == "contested"
    bare = desk.post("/api/confirm/a", {})
    assert bare.status_code == 400 and fields(bare) == ["reason"]
    assert desk.post("/api/resolve/a", {"reason": "She said so."}).status_code == 201
    assert reading(desk, "a")["standing"] == "confirmed"


def test_a_conflict_and_its_resolution(desk):
    clashing = {"between": ["a", "b"], "reason": "one or the other"}
    assert desk.post("/api/conflict", clashing).status_code == 201
    done = desk.post("/api/resolve/a", {"over": ["b"], "reason": "she said so"})
    assert done.status_code == 201 and "Timeline-Note" not in done.headers
    assert reading(desk, "b")["decided_against"]["chosen"] == "a"
    strange = desk.post("/api/resolve/a", {"over": ["c/d e"], "reason": "?"})
    assert "c/d e is in no conflict" in unquote(strange.headers["Timeline-Note"])


def test_an_amendment_can_be_tried_sent_again_and_expected(desk):
    said = {"id": "r", "reason": "withdrawn"}
    tried = desk.post("/api/retract/a?dry_run=true", said).json()
    assert tried["dry_run"] and tried["position"] == 4 and tried["now"]["amends"] == ["a"]
    expecting = {"If-Match": '"3"'}
    assert desk.post("/api/retract/a", said, headers=expecting).status_code == 201
    assert desk.post("/api/retract/a", said, headers=expecting).status_code == 200
    late = desk.post("/api/retract/b", {"reason": "too"}, headers=expecting)
    assert late.status_code == 409 and late.json()["between"][0]["id"] == "r"
    keyed = {"Idempotency-Key": "k"}
    for status in (201, 200):
        done = desk.post("/api/dispute/b", {}, headers=keyed)
        assert (done.status_code, done.json()["id"]) == (status, "k")


def test_what_is_not_there_cannot_be_amended(desk):
    for path in ("/api/correct/x", "/api/retract/x", "/api/confirm/x"):
        done = desk.post(path, {"reason": "?", "changes": {}})
        assert done.status_code == 404 and "no record 'x'" in done.json()["detail"]
    assert desk.post("/api/resolve/x", {"over": ["a"], "reason": "?"}).status_code == 404
    missing = desk.post("/api/conflict", {"between": ["a", "x"], "reason": "?"})
    assert missing.status_code == 400 and fields(missing) == ["between"]


@pytest.mark.parametrize(
    ("path", "said", "wrong"),
    [
        ("correct/a", {"changes": {"when": "soon"}, "reason": "?"}, ["changes.when"]),
        ("correct/a", {"changes": {"story": "x"}, "reason": "?"}, ["changes.story"]),
        ("correct/a", {"changes": 7, "reason": " "}, ["changes", "reason"]),
        ("correct/a", {}, ["changes", "reason"]),
        ("retract/a", {}, ["reason"]),
        ("retract/a", {"reason": "?", "retracts": "b", "type": "dispute"}, ["type", "retracts"]),
        ("retract/a", {"reason": "?", "unheard_of": 1}, ["unheard_of"]),
        ("retract/a", {"reason": "?", "recorded_by": "lin"}, ["recorded_by"]),
        ("conflict", {"reason": "?"}, ["between"]),
        ("conflict", {"between": [], "reason": "?"}, ["between"]),
        ("conflict", {"between": ["a", 7], "reason": "?"}, ["between"]),
        ("conflict", {"between": ["a", "a"], "reason": "?"}, ["between"]),
        ("resolve/a", {"over": "b", "reason": "?"}, ["over"]),
        ("resolve/a", {"over": ["a"], "reason": "?"}, ["over"]),
        ("resolve/a", {"over": ["b"], "chosen": "a", "reason": "?"}, ["chosen"]),
    ],
)
def test_what_is_wrong_with_an_amendment_is_said(desk, path, said, wrong):
    done = desk.post(f"/api/{path}", said)
    assert done.status_code == 400
    assert [each and each.partition("[")[0] for each in fields(done)] == wrong
    assert len(desk.records()) == 3


@pytest.mark.parametrize("path", ["correct/a", "retract/a", "dispute/a", "conflict", "resolve/a"])
def test_only_an_editor_amends(desk, path):
    for who in ("reader", "reporter"):
        assert desk.post(f"/api/{path}", {"reason": "?"}, by=who).status_code == 403


def test_an_amendment_is_one_json_object(desk):
    for value in ([], 7, "text"):
        assert desk.post("/api/retract/a", value).status_code == 400
    lines = {"content": b"{}", "headers": {"Content-Type": "application/jsonl"}}
    assert desk.post("/api/retract/a", **lines).status_code == 415
