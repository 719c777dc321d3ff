"""`timeline check`: what is left to settle, and an exit code for scripts."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.rooms import SOURCE, event
from tests.running import append, inside
from timeline.projections.check import KINDS

OTHER = {"url": "https://other.example/1", "publisher": "Other"}
SETTLED = {"sources": [*SOURCE, OTHER]}


def settled(room: Path) -> None:
    append(room, {**event("joined", "2026-05", person="ann", organisation="lab"), **SETTLED})


def test_nothing_to_settle_is_exit_code_0(room: Path) -> None:
    settled(room)
    done = inside(room, "check", "--as-of", "2026-06")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "nothing to settle"


def test_anything_to_settle_is_exit_code_1(story: Path) -> None:
    done = inside(story, "check", "--as-of", "2026-06")
    assert (done.code, done.err) == (1, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert "Questions open for a long time (stale-question)" in done.out
    assert done.out.endswith("\n4 findings: 1 stale-question, 1 long-silence, 2 single-source\n")


def test_for_programs_it_answers_as_one_value_or_a_finding_a_line(story: Path) -> None:
    done = inside(story, "check", "--as-of", "2026-06", "--format", "json")
    assert done.code == 1
    answer = done.json()
    assert list(answer) == [
        "projection", "version", "story", "entity", "as_of", "as_known", "recorded_at", "only",
        "stale_after", "silence", "counts", "findings", "digest",
    ]  # fmt: skip
    assert all(
        list(each)[:4] == ["kind", "message", "records", "settle"] for each in answer["findings"]
    )
    lines = inside(story, "check", "--as-of", "2026-06", "--format", "jsonl")
    assert lines.code == 1 and lines.lines() == answer["findings"]


def test_only_some_kinds_for_a_story_or_an_entity(story: Path) -> None:
    asked = ("check", "--as-of", "2026-06", "--format", "jsonl")
    found = inside(story, *asked, "--only", "stale-question", "--only", "disputed").lines()
    assert [each["kind"] for each in found] == ["stale-question"]
    about = inside(story, *asked, "--only", "single-source", "--entity", "ada").lines()
    assert [each["records"] for each in about] == [["in"]]
    none = inside(story, *asked, "--story", "stroy")
    assert none.code == 0 and "there is no story 'stroy'; did you mean story?" in none.err
    none = inside(story, *asked, "--entity", "nobody")
    assert none.code == 0 and "nothing is recorded about 'nobody'" in none.err
    wrong = inside(story, "check", "--only", "stale")
    assert wrong.code == 2 and "stale-question" in wrong.err


def test_how_long_is_long_can_be_said_in_words(story: Path) -> None:
    asked = ("check", "--only", "stale-question", "--as-of", "2026-03-10")
    assert inside(story, *asked).code == 0
    assert inside(story, *asked, "--stale-after", "8 days").code == 1
    assert inside(story, *asked, "--stale-after", "P8D").code == 1
    wrong = inside(story, *asked, "--stale-after", "P1M", "--silence", "soon")
    assert wrong.code == 2
    assert "--stale-after" in wrong.err and "--silence" in wrong.err


def test_what_it_says_would_settle_a_finding_can_be_pasted(room: Path) -> None:
    settled(room)
    departed = event(
        "departed", "2026-05", id="b's way out", person="bob-of-the-long-name", organisation="lab"
    )
    append(room, {**departed, **SETTLED})
    done = inside(room, "check", "--as-of", "2026-06")
    assert done.code == 1
    _, _, pasted = done.out.partition("settle: timeline ")
    command = pasted.split("\n\n")[0].replace("\\\n", " ")
    words = ["https://other.example/2" if word == "URL" else word for word in shlex.split(command)]
    assert inside(room, *words, "--yes").code == 0
    assert inside(room, "check", "--as-of", "2026-06").code == 0


def test_the_help_names_every_kind() -> None:
    shown = " ".join(inside(None, "check", "--help").out.split())
    assert all(kind in shown for kind in KINDS)


def test_nothing_recorded_can_draw_on_the_terminal(room: Path) -> None:
    nasty = "Ann\u202e\u001b[2J"
    record = event("departed", "2020", id="a\u001b", person="ann", organisation="lab")
    append(room, {**record, "headline": nasty, "sources": [{"publisher": nasty}]})
    done = inside(room, "check")
    assert "\u001b" not in done.out and "\u202e" not in done.out


def test_values_and_rivals_are_told_apart_by_who_published_them(room: Path) -> None:
    for value, publisher in ((12, "Lusa"), (17, "Reuters")):
        record = event("measured", "2026-05-10", id=f"d{value}", subject="flight-417")
        sources = [{"publisher": publisher, "url": f"https://e.example/{value}"}]
        append(room, {**record, "measure": "dead", "value": value, "sources": sources})
    shown = inside(room, "check", "--as-of", "2026-06", "--only", "undecided-value").out
    told = " ".join(shown.split())
    assert "may be 12, by “flight-417: dead 12” (d12; Lusa; 10 May 2026" in told
    assert "settle: timeline conflict d12 d17 --reason WHY" in told
    assert inside(room, "conflict", "d12", "d17", "--reason", "Two numbers.", "--yes").code == 0
    state = " ".join(inside(room, "snapshot", "flight-417", "--as-of", "2026-06").out.split())
    assert "other account: flight-417: dead 12 (Lusa; 10 May 2026" in state
