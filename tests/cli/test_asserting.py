"""`timeline replay --assert`: whether history was rewritten, and what has changed since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append, inside, records_of
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.question import QUESTIONS as ALL

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}
LATER = [
    event("departed", "2026-05", id="out", **ANN_AT_LAB),
    {"story": "story", "type": "confirmation", "id": "sure", "confirms": "in", "reason": "r"},
    {
        "story": "story",
        "type": "same-entity",
        "id": "one",
        "entities": ["lab", "the-lab"],
        "reason": "r",
    },
]
QUESTIONS = {
    "snapshot": ["snapshot", "ann"],
    "deep": ["snapshot", "ann", "--depth", "2"],
    "chronology": ["chronology", "story"],
    "about": ["chronology", "--entity", "lab"],
    "replay": ["replay", "--entity", "ann"],
    "filtered": ["replay", "--by", "tester", "--type", "joined", "--since", "2020", "--from", "1"],
    "diff": ["diff", "ann", "--as-known", "0.."],
    "holders": ["holders", "lab", "lead"],
    "every-holder": ["holders", "lab", "lead"],
    "why": ["why", "ann"],
    "check": ["check", "--story", "story"],
    "entities": ["entities"],
}


@pytest.fixture
def kept(story: Path, tmp_path: Path) -> Path:
    """A directory of answers to all kinds of questions."""
    directory = tmp_path / "kept"
    directory.mkdir()
    append(story, event("joined", "2026-02", id="ann-in", **ANN_AT_LAB))
    for name, words in QUESTIONS.items():
        if name not in ("entities", "every-holder"):
            words = [*words, "--as-of", "2026..2027" if name == "diff" else "2026-06"]
        done = inside(story, *words, "--format", "json")
        assert done.code in (0, 1), done.err
        (directory / f"{name}.json").write_text(done.out, "utf-8")
    return directory


def reports(room: Path, *words: object, code: int = 0) -> dict[str, dict]:
    done = inside(room, "replay", "--assert", *words, "--format", "json")
    assert done.code == code, done.err
    return {Path(each["file"]).stem: each for each in done.json()["kept"]}


def test_every_view_can_be_asked_again(story: Path, kept: Path) -> None:
    found = reports(story, kept)
    assert found.keys() == QUESTIONS.keys()
    # All but those whose answers carry no question, and the map.
    others = {"log", "show", "map", "when", "status", "verify"}
    assert {each["projection"] for each in found.values()} == {*ALL} - others
    assert all(each["unchanged"] and not each["moved"] for each in found.values())


def test_what_was_known_then_stays_and_what_has_changed_since_is_told(
    story: Path, kept: Path
) -> None:
    append(story, *LATER)
    found = reports(story, kept)
    assert all(each["unchanged"] for each in found.values())
    assert all(each["moved"] for name, each in found.items() if name != "filtered")

    def told(name):
        return {
            (each["mark"], each["what"]): [record["id"] for record in each["records"]]
            for each in found[name]["changes"]
        }

    gone = ("-", "ann member-of lab: no longer")
    assert told("snapshot") == {gone: ["out"]}
    assert told("deep")[gone] == ["out"]
    assert told("replay") == {("+", "1 further step"): ["out"]}
    assert told("chronology")["+", "ann leaves lab"] == ["out"]
    assert told("chronology")["~", "ada joins lab (standing, amendments)"] == ["sure"]
    for name in ("diff", "why", "entities"):
        (change,) = found[name]["changes"]
        assert change["records"], name
    (record,) = (each for each in found["snapshot"]["changes"][0]["records"])
    assert (record["position"], record["recorded_by"]) == (6, "tester")


def test_with_head_what_has_changed_since_fails_too(story: Path, kept: Path) -> None:
    assert inside(story, "replay", "--assert", "--head", kept).code == 0
    append(story, *LATER)
    assert inside(story, "replay", "--assert", kept).code == 0
    assert inside(story, "replay", "--assert", "--head", kept).code == 1


def test_a_rewritten_history_is_found_with_the_first_difference(
    story: Path, kept: Path, tmp_path: Path
) -> None:
    done = inside(story, "snapshot", "ada", "--as-of", "2026-06", "--format", "json")
    (kept / "ada.json").write_text(done.out, "utf-8")
    lines = records_of(inside(story, "export").out).replace('"role":"lead"', '"role":"chief"')
    other = tmp_path / "other"
    Newsroom.init(other)
    assert inside(other, "import", "-", given=lines).code == 0
    found = reports(other, kept / "ada.json", kept / "snapshot.json", code=1)
    assert found["snapshot"]["unchanged"]
    place = {"at": "statements[0].qualifiers.role", "kept": "lead", "again": "chief"}
    assert found["ada"]["difference"] == place
    done = inside(other, "replay", "--assert", kept / "ada.json", kept / "snapshot.json")
    assert done.code == 1
    text = " ".join(done.out.split())
    assert "REWRITTEN, or computed differently: statements[0].qualifiers.role was" in text
    assert "2 saved answers: 1 answer not reproduced" in text


def test_an_answer_that_was_edited_is_not_the_answer(story: Path, kept: Path) -> None:
    file = kept / "snapshot.json"
    file.write_text(file.read_text("utf-8").replace("sha256:", "sha256:0"), "utf-8")
    assert reports(story, kept, code=1)["snapshot"]["difference"]["at"] == "digest"


def test_an_answer_that_knows_more_than_the_log_is_of_another_log(
    story: Path, kept: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    Newsroom.init(other)
    done = inside(other, "replay", "--assert", kept / "snapshot.json")
    assert done.code == 1
    assert "the log ends at 0: it is another log, or was truncated" in " ".join(done.out.split())


def test_all_that_is_wrong_with_the_files_is_named_at_once(story: Path, tmp_path: Path) -> None:
    wrong = {
        "text.json": "no",
        "list.json": "[]",
        "view.json": json.dumps({"projection": "horoscope"}),
        "bare.json": json.dumps({"projection": "snapshot", "entity": 5, "as_known": -1}),
        "diff.json": json.dumps(
            {"projection": "diff", "entity": None, "story": None, "from": {}, "to": 1}
        ),
        "audit.json": json.dumps(
            {
                "projection": "replay",
                "entity": None,
                "story": None,
                "from": 1,
                "as_of": "2026",
                "as_known": 1,
                "recorded": [1],
            }
        ),
    }
    for name, text in wrong.items():
        (tmp_path / name).write_text(text, "utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    files = [*(tmp_path / name for name in wrong), empty, tmp_path / "missing.json"]
    done = inside(story, "replay", "--assert", *files)
    assert done.code == 2
    for file in files:
        assert str(file) in done.err
    assert done.err.count("Error:") >= len(files) + 4


def test_a_date_that_cannot_be_read_is_an_error_in_its_file(story: Path, kept: Path) -> None:
    file = kept / "snapshot.json"
    answer = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**answer, "as_of": "someday"}), "utf-8")
    done = inside(story, "replay", "--assert", file)
    assert (done.code, str(file) in done.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--assert"], "--assert needs FILES"),
        (["--assert", "x.json", "--story", "story"], "leave out --story"),
        (["--assert", "x.json", "--as-of", "2026"], "leave out --as-of"),
        (["x.json"], "--assert repeats the questions of saved answers"),
        (["--head"], "--head goes with --assert"),
        (["--type", "joinde"], "there is no type 'joinde'"),
        (["--since", "2027", "--until", "2026"], "is later than"),
    ],
)
def test_what_makes_no_sense_is_refused(story: Path, words, said) -> None:
    done = inside(story, "replay", *words)
    assert (done.code, said in done.err) == (2, True)


def test_the_audit_can_be_narrowed_on_the_command_line(story: Path) -> None:
    def positions(*words: object) -> list[int]:
        return [
            step["position"]
            for step in inside(story, "replay", *words, "--format", "jsonl").lines()
        ]

    assert positions() == [1, 2, 3, 4]
    assert positions("--type", "joined", "--type", "asked") == [1, 4]
    assert positions("--by", "nobody") == []
    assert positions("--until", "2020") == []
    assert positions("--since", "2020") == [1, 2, 3, 4]
    done = inside(story, "replay", "--by", "nobody")
    assert (done.code, "no record matches" in done.err) == (0, True)
