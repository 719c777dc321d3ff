"""Appending one record: options, a preview, $EDITOR, dry runs, and who came first."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.running import Done, head, inside, records_of

DEPARTED = (
    "append", "departed", "--story", "story", "--person", "ada", "--organisation", "lab",
    "--when", "2026-03-03", "--source", "https://example.org",
)  # fmt: skip


def last(room: Path) -> dict[str, object]:
    """The record at the head, as it was recorded."""
    found: dict[str, object] = inside(room, "log", "--format", "jsonl").lines()[-1]
    return found


def replaced(words: tuple[str, ...], **options: str) -> list[str]:
    """The same command line with other values."""
    changed = list(words)
    for name, value in options.items():
        changed[changed.index(f"--{name}") + 1] = value
    return changed


def test_the_preview_shows_what_will_change(story: Path) -> None:
    done = inside(story, *DEPARTED)
    assert "- ada member-of lab (role: lead): no longer (was certain" in done.out
    assert "at @5, story version 5" in done.out


def test_a_dry_run_shows_the_same_and_writes_nothing(story: Path) -> None:
    done = inside(story, *DEPARTED, "--dry-run", "--id", "out")
    assert done.code == 0 and "- ada member-of lab" in done.out
    assert "would append out at @5" in done.out and head(story) == 4
    for words in (
        ["correct", "in", "role=chief", "--reason", "r"],
        ["retract", "in", "--reason", "r"],
    ):
        done = inside(story, *words, "--dry-run")
        assert done.code == 0 and "would append" in done.out and head(story) == 4


def test_a_dry_run_of_json_lines_checks_everything_and_writes_nothing(story: Path) -> None:
    exported = records_of(inside(story, "export").out).replace('"id":"', '"id":"new-')
    lines = "".join(
        json.dumps({key: value for key, value in json.loads(line).items() if key != "recorded_at"})
        + "\n"
        for line in exported.splitlines()
    )
    done = inside(story, "append", "--json", "-", "--dry-run", given=lines)
    assert done.out == "would append 4 records\n" and head(story) == 4
    assert inside(story, "append", "--json", "-", "--dry-run", given="{}\n").code == 2


def test_a_retraction_previews_what_it_takes_away(story: Path) -> None:
    done = inside(story, "retract", "in", "--reason", "Not so.", "--dry-run")
    assert "- ada member-of lab (role: lead): no longer" in done.out


def test_a_misspelt_name_gives_a_suggestion_and_is_no_error(story: Path) -> None:
    done = inside(story, *replaced(DEPARTED, organisation="labb"), "--dry-run")
    assert done.code == 0 and "'labb' is new; did you mean lab?" in done.err


def test_a_name_that_is_simply_new_is_not_remarked_on(story: Path) -> None:
    done = inside(story, *replaced(DEPARTED, organisation="wholly-other"))
    assert done.code == 0 and done.err == ""


def test_the_story_may_be_left_out_where_there_is_only_one(story: Path, room: Path) -> None:
    words = [word for word in DEPARTED if word not in ("--story", "story")]
    assert inside(story, *words).code == 0
    assert last(story)["story"] == "story"


def test_the_first_record_must_name_a_story(room: Path) -> None:
    words = [word for word in DEPARTED if word not in ("--story", "story")]
    done = inside(room, *words)
    assert done.code == 2 and "story: is required" in done.err


def test_all_that_is_missing_is_said_at_once(room: Path) -> None:
    done = inside(room, "append", "joined", "--story", "s", "--person", "A B")
    fields = {line.split(": ")[1] for line in done.err.splitlines()}
    assert done.code == 2 and fields == {"--when", "--person", "--organisation", "--source"}


def test_what_is_wrong_is_said_of_the_option_that_was_typed(story: Path) -> None:
    done = inside(
        story, "append", "commented", "--story", "story", "--speaker", "A", "--about", "lab",
        "--about", "B", "--after", "nope", "--when", "2026", "--zone", "Foo/Bar",
        "--title", "T", "--published", "2026-13",
    )  # fmt: skip
    options = [line.split(": ")[1] for line in done.err.splitlines() if line.startswith("Error: ")]
    assert done.code == 2
    assert sorted(options) == ["--about", "--published", "--speaker", "--zone"]
    new = ("append", "joined", *["--person", "x", "--organisation", "y", "--source", "u", "--when"])
    assert "Error: --id: 'in' is recorded already" in inside(story, *new, "2026", "--id", "in").err
    assert "Error: --when: " in inside(story, *new, "{2025,2026}").err
    assert "Error: --after: " in inside(story, *new, "2026", "--after", "nope").err


@freeze_time("2026-03-04T09:00:00Z")
def test_a_date_in_words_is_read_and_echoed(story: Path) -> None:
    done = inside(story, *replaced(DEPARTED, when="yesterday 3pm"))
    assert last(story)["when"] == "2026-03-03T15:00Z"
    assert "'yesterday 3pm' is read as 2026-03-03T15:00Z" in done.err
    assert "2026-03-03T15:00:00.000000Z" in done.err


def test_an_ambiguous_date_is_refused_with_both_readings(story: Path) -> None:
    done = inside(story, *replaced(DEPARTED, when="03/04/2026"))
    assert done.code == 2 and head(story) == 4
    assert "--when" in done.err and "2026-04-03" in done.err and "2026-03-04" in done.err


def test_options_make_the_whole_record(room: Path) -> None:
    done = inside(
        room, *DEPARTED, "--id", "out", "--zone", "Asia/Shanghai", "--role", "lead",
        "--source", "https://example.com/2", "--quote", "bye", "--title", "T", "--publisher", "P",
        "--published", "2026-03-04", "--locator", "p. 3", "--via", "AFP", "--attribution", "X",
        "--headline", "H", "--body", "B", "--tag", "a", "--tag", "b", "--qualifier", "desk=asia=x",
        "--by", "asia-desk",
    )  # fmt: skip
    assert done.code == 0, done.err
    record = last(room)
    del record["position"], record["recorded_at"]
    assert record == {
        "id": "out", "story": "story", "type": "departed", "when": "2026-03-03",
        "zone": "Asia/Shanghai", "person": "ada", "organisation": "lab", "role": "lead",
        "headline": "H", "body": "B",
        "sources": [
            {"url": "https://example.org"},
            {
                "url": "https://example.com/2", "title": "T", "publisher": "P",
                "published": "2026-03-04", "quote": "bye", "locator": "p. 3", "via": "AFP",
                "attribution": "X",
            },
        ],
        "tags": ["a", "b"], "qualifiers": {"desk": "asia=x"}, "recorded_by": "asia-desk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("90000", 90000), ("1.5", 1.5), ("-3", -3), ("90,000", "90,000"), ("true", "true"), ("", "")],
)
def test_a_value_that_reads_as_a_number_is_one(room: Path, typed: str, kept: object) -> None:
    done = inside(
        room, "append", "measured", "--story", "s", "--subject", "lab", "--measure", "size",
        f"--value={typed}", "--when", "2026", "--source", "https://example.org",
    )  # fmt: skip
    assert done.code == 0, done.err
    value = last(room)["value"]
    assert value == kept and type(value) is type(kept)


def test_lists_take_commas_and_repetition(room: Path) -> None:
    for about in (["--about", "a,b"], ["--about", "a", "--about", "b"], ["--about", "a, b,"]):
        words = ["append", "happened", "--story", "s", "--when", "2026", "--source", "u", *about]
        assert inside(room, *words).code == 0
        assert last(room)["about"] == ["a", "b"]


def test_json_says_where_the_record_is(story: Path) -> None:
    answer = inside(story, *DEPARTED, "--id", "out", "--format", "json").json()
    assert {**answer, "recorded_at": None} == {
        "id": "out", "position": 5, "recorded_at": None, "story": "story", "version": 5,
    }  # fmt: skip


@pytest.mark.parametrize("version", ["3", "5"])
def test_a_story_that_moved_on_is_a_conflict(story: Path, version: str) -> None:
    done = inside(story, *DEPARTED, "--expect", version)
    assert (done.code, done.out) == (3, "") and head(story) == 4
    assert f"story is at version 4, not {version}" in done.err
    done = inside(story, "retract", "in", "--reason", "r", "--expect", version)
    assert done.code == 3 and head(story) == 4
    lines = json.dumps({"type": "retraction", "story": "story", "retracts": "in", "reason": "r"})
    done = inside(story, "append", "--json", "-", "--expect", f"story={version}", given=lines)
    assert done.code == 3 and head(story) == 4


def test_a_story_as_expected_is_appended_to(story: Path) -> None:
    assert inside(story, *DEPARTED, "--expect", "4").code == 0


def edited(room: Path, tmp_path: Path, script: str, *more: str) -> Done:
    """Append with --edit, where the editor is a script of Python over `text`."""
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, json, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        f"{script}\npath.write_text(text)\n"
    )
    env = {"EDITOR": f"{sys.executable} {editor}", "VISUAL": ""}
    return inside(room, *DEPARTED, "--edit", *more, env=env)


def test_the_editor_has_the_last_word(story: Path, tmp_path: Path) -> None:
    done = edited(story, tmp_path, "text = text.replace('2026-03-03', '2026-03-04~')")
    assert done.code == 0, done.err
    assert last(story)["when"] == "2026-03-04~"


def test_an_editor_that_changes_nothing_goes_on(story: Path, tmp_path: Path) -> None:
    assert edited(story, tmp_path, "pass").code == 0 and head(story) == 5


@pytest.mark.parametrize("script", ["text = ''", "text = '# nothing'"])
def test_an_empty_file_gives_up(story: Path, tmp_path: Path, script: str) -> None:
    done = edited(story, tmp_path, script)
    assert done.code == 1 and "Abort" in done.err and head(story) == 4


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("text = text.replace('}', '')", "not JSON"),
        ("text = '[]'", "JSON object"),
        ("text = text.replace('2026-03-03', '2026-02-30')", "when: "),
        ("text = text.replace('person', 'persn')", "did you mean person?"),
    ],
)
def test_an_editor_may_make_mistakes(
    story: Path, tmp_path: Path, script: str, complaint: str
) -> None:
    done = edited(story, tmp_path, script)
    assert done.code == 2 and complaint in done.err and "Traceback" not in done.err
    assert head(story) == 4


def test_an_editor_that_is_not_there_is_said(story: Path) -> None:
    done = inside(story, *DEPARTED, "--edit", env={"EDITOR": "no-such-editor", "VISUAL": ""})
    assert done.code != 0 and "no-such-editor" in done.err and "Traceback" not in done.err
    assert head(story) == 4


def test_a_number_is_recorded_as_it_was_written(story: Path) -> None:
    measured = (
        "append", "measured", "--story", "story", "--subject", "lab", "--measure", "staff",
        "--when", "2026-03-03", "--source", "https://example.org", "--of", "770", "--value",
    )  # fmt: skip
    done = inside(story, *measured, "more than 650")
    assert done.code == 0 and done.err == ""
    assert (last(story)["value"], last(story)["of"]) == ("more than 650", 770)
    done = inside(story, *measured, "1.500")
    assert last(story)["value"] == "1.500"
    assert "--value '1.500' is kept as text, not read as a number: write 1,500 for" in done.err
