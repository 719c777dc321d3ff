"""Who is meant: people ask by names, as they write them, and by slugs that are no longer used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_completion import offered
from tests.rooms import event
from tests.running import append, inside


def amendment(type, **fields):
    return {"story": "story", "type": type, **fields}


@pytest.fixture
def names(room: Path) -> Path:
    """Two slugs of one person, who has names in two scripts, and a namesake of the other."""
    append(
        room,
        event("joined", "2026-01", id="in", person="lin-j", organisation="lab"),
        amendment("alias", id="alias", entity="lin-j", names=["林俊旸", "Lin Junyang"]),
        event("happened", "2026-02", id="talk", about=["junyang"]),
        amendment("publication", id="out", name="First draft"),
        amendment("same-entity", id="same", entities=["lin-j", "junyang"], reason="r"),
        amendment("alias", entity="lab", names=["Das Labor"], kind="organisation"),
        amendment("alias", entity="den", names=["das labor"], kind="place"),
    )
    return room


def test_the_process_lists_the_entities_for_people(names: Path) -> None:
    done = inside(names, "entities")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[3:] == [
        "den, a place",
        "  goes by das labor",
        "  no event names it",
        "lab, an organisation",
        "  goes by Das Labor",
        "  named by 1 event, at @1",
        "lin-j, a person",
        "  goes by 林俊旸 and Lin Junyang",
        "  junyang is the same (same-entity same)",
        "  named by 2 events, at @1 to @3",
    ]


def test_entities_are_found_by_name_for_people_and_programs(names: Path) -> None:
    done = inside(names, "entities", "Lin Junyung")
    assert "Entities like “Lin Junyung”" in done.out
    assert "“Lin Junyang” is spelled similarly" in done.out
    (row,) = inside(names, "entities", "林俊旸", "--format", "jsonl").lines()
    assert (row["slug"], row["match"], row["matched"]) == ("lin-j", "name", "林俊旸")
    answer = inside(names, "entities", "--kind", "place", "--format", "json").json()
    assert [row["slug"] for row in answer["entities"]] == ["den"]


def test_where_none_is_found_the_closest_are_named(names: Path) -> None:
    done = inside(names, "entities", "lin", "--kind", "place")
    assert done.code == 0 and "no entities found" in done.out
    assert done.err == "there is no place like 'lin'; the closest: lin-j (person)\n"
    done = inside(names, "entities", "labeling")
    assert done.err == "there is no entity like 'labeling'; the closest: lab\n"
    done = inside(names, "entities", "xyz", "--format", "json")
    assert done.json()["entities"] == [] and done.err == "there is no entity like 'xyz'\n"


@pytest.mark.parametrize("asked", ["林俊旸", "Lin Junyang", "junyang lin", "Lin, Junyang"])
def test_a_snapshot_is_asked_by_a_name(names: Path, asked: str) -> None:
    done = inside(names, "snapshot", asked, "--as-of", "2026-03", "--format", "json")
    assert done.err == f"'{asked}' is read as lin-j\n"
    assert done.json()["entity"] == "lin-j"
    assert [entry["value"] for entry in done.json()["statements"]] == ["lab"]


def test_every_question_about_an_entity_takes_a_name(names: Path) -> None:
    read = "'林俊旸' is read as lin-j\n"
    done = inside(names, "chronology", "--entity", "林俊旸", "--format", "json")
    assert [each["id"] for each in done.json()["events"]] == ["in", "talk"]
    assert (done.err, done.json()["entity"]) == (read, "lin-j")
    done = inside(names, "replay", "--entity", "林俊旸", "--format", "json")
    assert done.json()["steps"][0]["id"] == "in"
    assert (done.err, done.json()["entity"]) == (read, "lin-j")
    done = inside(names, "log", "--entity", "林俊旸", "--format", "jsonl")
    assert [record["id"] for record in done.lines()] == ["in", "alias", "talk", "same"]
    assert done.err == read


def test_a_slug_that_was_merged_is_answered_and_the_merge_is_told(names: Path) -> None:
    done = inside(names, "snapshot", "junyang", "--as-of", "2026-03", "--format", "json")
    assert done.err == "junyang is the same as lin-j (same-entity same, @5)\n"
    assert done.json()["entity"] == "junyang"
    assert [entry["subject"] for entry in done.json()["statements"]] == ["lin-j"]
    done = inside(names, "chronology", "--entity", "junyang", "--format", "jsonl")
    assert [each["id"] for each in done.lines()] == ["in", "talk"]
    assert "the same as lin-j" in done.err


def test_before_the_merge_they_are_two(names: Path) -> None:
    question = ("chronology", "--as-known", "publication:First draft", "--format", "jsonl")
    found = {}
    for slug in ("junyang", "lin-j"):
        done = inside(names, *question, "--entity", slug)
        assert done.err == ""
        found[slug] = [each["id"] for each in done.lines()]
    assert found == {"junyang": ["talk"], "lin-j": ["in"]}
    append(names, amendment("not-same-entity", entities=["lin-j", "junyang"], reason="r"))
    done = inside(names, "chronology", "--entity", "junyang", "--format", "jsonl")
    assert [each["id"] for each in done.lines()] == ["talk"]


def test_a_name_of_several_is_refused_with_all_of_them(names: Path) -> None:
    done = inside(names, "snapshot", "Das  Labor")
    assert done.code == 2
    assert "'Das  Labor' is a name of den and lab (use the slug of one of them" in done.err


def test_a_slug_that_is_known_is_not_taken_for_a_name(names: Path) -> None:
    append(names, amendment("alias", entity="lin-j", names=["Den"]))
    assert inside(names, "snapshot", "den").err == ""
    assert inside(names, "snapshot", "DEN").code == 2


def test_who_is_not_known_is_said_with_whom_it_may_mean(names: Path) -> None:
    done = inside(names, "snapshot", "林俊洋", "--format", "json")
    assert done.code == 0 and done.json()["entity"] == "林俊洋"
    assert done.err == "nothing is recorded about '林俊洋'; did you mean lin-j (林俊旸)?\n"
    for command in ("log", "replay", "chronology"):
        done = inside(names, command, "--entity", "labb")
        assert done.code == 0
        assert "nothing is recorded about 'labb'; did you mean lab?" in done.err


def test_a_name_that_was_not_known_yet_is_not_read_but_suggested(names: Path) -> None:
    done = inside(names, "snapshot", "林俊旸", "--as-known", "1", "--format", "json")
    assert done.json()["statements"] == []
    assert "did you mean lin-j (林俊旸)?" in done.err


def test_a_publication_stands_for_its_position(names: Path) -> None:
    question = ("--as-known", "publication:First draft", "--format", "json")
    assert inside(names, "snapshot", "lin-j", *question).json()["as_known"] == 4
    assert inside(names, "entities", *question).json()["as_known"] == 4
    done = inside(names, "chronology", "story", *question)
    assert (done.code, done.err, done.json()["as_known"]) == (0, "", 4)


def test_publications_that_are_not_there_are_refused_with_those_that_are(
    names: Path, tmp_path: Path
) -> None:
    done = inside(names, "snapshot", "lin-j", "--as-known", "publication:First Draft")
    assert done.code == 2
    assert "there is no publication 'First Draft' (did you mean First draft?)" in done.err
    done = inside(names, "snapshot", "lin-j", "--as-known", "publication:x")
    assert "known: First draft" in done.err
    other = tmp_path / "other"
    inside(None, "init", other)
    done = inside(other, "snapshot", "x", "--as-known", "publication:x")
    assert done.code == 2 and "nothing was published yet" in done.err


def test_publications_are_offered(names: Path) -> None:
    append(names, amendment("publication", name="2026-03-final"))
    typed = "timeline snapshot lin-j --as-known pub"
    assert offered(names, typed) == ["publication:2026-03-final"]


def test_what_was_recorded_cannot_act_on_the_terminal(room: Path) -> None:
    append(room, amendment("alias", entity="x", names=["\x1b[31mred\u202e"]))
    done = inside(room, "entities", "red")
    assert "\x1b[31m" not in done.out and "\\x1b[31mred" in done.out
