"""Every command, once: it answers, and its JSON has the promised shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import as_lines, inside, timeline
from timeline.cli.program import COMMANDS


def test_a_process_has_the_streams_and_exit_codes_that_are_promised(
    story: Path, tmp_path: Path
) -> None:
    done = timeline(story, "append", "--json", "-", given=as_lines([event("asked", "2026")]))
    assert (done.code, done.out) == (2, "") and "question" in done.err
    assert timeline(story, "retract", "in", "--reason", "r", "--expect", "9").code == 3
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "timeline.toml").write_text('zone = "UTC"')
    (tmp_path / "broken" / "log.sqlite").write_text("no database")
    assert timeline(tmp_path / "broken", "log").code == 4
    assert timeline(story, "log", "--format", "jsonl").lines()[0]["id"] == "in"


def test_init_makes_a_newsroom_that_is_ready_to_use(tmp_path: Path) -> None:
    done = inside(None, "init", "desk", "--zone", "Asia/Shanghai", cwd=tmp_path)
    assert done == (0, "made a newsroom in desk\n", "")
    made = {path.name for path in (tmp_path / "desk").iterdir()}
    assert made == {"timeline.toml", "events", "projections", "log.sqlite"}
    status = inside(None, "status", "--format", "json", cwd=tmp_path / "desk" / "events").json()
    assert (status["newsroom"], status["zone"], status["head"]) == ("desk", "Asia/Shanghai", 0)


def test_init_refuses_a_directory_that_is_a_newsroom_already(room: Path) -> None:
    done = inside(None, "init", room)
    assert done.code == 2 and "is a newsroom already" in done.err


def test_append_takes_a_record_as_options(room: Path) -> None:
    done = inside(
        room, "append", "departed", "--story", "qwen", "--person", "ada", "--organisation", "lab",
        "--when", "2026-03-03", "--source", "https://example.org", "--quote", "bye", "--id", "out",
    )  # fmt: skip
    assert done.code == 0
    assert done.out.endswith("appended out at @1, qwen version 1\n")
    (kept,) = inside(room, "log", "--format", "jsonl").lines()
    assert kept["sources"] == [{"url": "https://example.org", "quote": "bye"}]
    assert (kept["position"], kept["recorded_by"]) == (1, "tester")


def test_append_takes_records_as_json_lines(room: Path) -> None:
    records = [event("happened", "2026", about=["lab"], id=f"r{n}") for n in range(3)]
    done = inside(room, "append", "--json", "-", given=as_lines(records))
    assert done == (0, "appended 3 records\n", "")


def test_correct_retract_and_restore_amend_a_event(story: Path) -> None:
    assert inside(story, "correct", "in", "role=chief", "--reason", "Misheard.").code == 0
    assert inside(story, "retract", "in", "--reason", "Not so.").code == 0
    assert inside(story, "restore", "in", "--reason", "It was so.").code == 0
    shown = inside(story, "show", "in", "--format", "json").json()
    assert [each["type"] for each in shown["amendments"]] == [
        "correction",
        "retraction",
        "restoration",
    ]
    assert shown["stands"] and shown["reads"]["content"]["role"] == "chief"
    assert shown["record"]["role"] == "lead"


def test_log_lists_the_records_in_recorded_order(story: Path) -> None:
    done = inside(story, "log")
    assert done.code == 0
    ids = [line.split()[-1] for line in done.out.splitlines() if line[0] == "@"]
    assert ids == ["in", "name", "said", "why"]


def test_show_tells_where_a_record_comes_from(story: Path) -> None:
    done = inside(story, "show", "said")
    assert done.code == 0
    assert "https://example.org/report" in done.out and "stands" in done.out


def test_a_type_that_there_is_not_is_refused(story: Path) -> None:
    for command in ("log", "replay"):
        done = inside(story, command, "--type", "joind")
        assert done.code == 2
        assert "--type: there is no type 'joind' (did you mean joined?)" in done.err


def test_chronology_orders_by_valid_time(story: Path) -> None:
    answer = inside(story, "chronology", "story", "--format", "json").json()
    assert [each["id"] for each in answer["events"]] == ["in", "said", "name", "why"]


def test_snapshot_answers_as_the_contract_says(story: Path) -> None:
    answer = inside(story, "snapshot", "lab", "--as-of", "2026-03", "--format", "json").json()
    assert list(answer) == [
        "projection", "version", "entity", "as_of", "as_known", "recorded_at",
        "statements", "comments", "questions", "findings", "digest",
    ]  # fmt: skip
    assert (answer["as_of"], answer["as_known"]) == ("2026-03", 4)
    member = answer["statements"][0]
    assert list(member) == [
        "subject", "property", "value", "qualifiers", "certainty", "standing",
        "since", "until", "because", "sources", "attested",
    ]  # fmt: skip
    assert member["since"] == ["2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"]
    assert answer["comments"] == [
        {
            "id": "said",
            "speaker": "ada",
            "when": "2026-02",
            "quote": "Onwards",
            "standing": "reported",
        }
    ]
    assert [each["question"] for each in answer["questions"]] == ["Why so?"]


def test_replay_says_what_each_record_changed(story: Path) -> None:
    steps = inside(story, "replay", "--to", "2", "--format", "jsonl").lines()
    assert [step["id"] for step in steps] == ["in", "name"]
    assert steps[0]["changes"][0]["after"]["certainty"] == "certain"
    assert "renamed" in inside(story, "replay", "--from", "2", "--to", "2").out


def test_when_reads_a_date_as_the_contract_says() -> None:
    assert inside(None, "when", "1984~", "--format", "json").json() == {
        "edtf": "1984~",
        "zone": "UTC",
        "precision": "year",
        "qualifiers": ["approximate"],
        "strict": ["1984-01-01T00:00:00.000000Z", "1985-01-01T00:00:00.000000Z"],
        "bounds": ["1983-01-01T00:00:00.000000Z", "1986-01-01T00:00:00.000000Z"],
    }


def test_export_and_import_carry_a_log_to_another_newsroom(story: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert inside(story, "export", "-o", log) == (0, "", "")
    other = tmp_path / "other"
    assert inside(None, "init", other).code == 0
    assert inside(other, "import", log) == (0, "imported 4 records; the head is at 4\n", "")


def test_schema_prints_a_json_schema() -> None:
    schema = inside(None, "schema").json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_status_and_verify_tell_of_health(story: Path) -> None:
    assert "story (4)" in inside(story, "status").out
    assert inside(story, "verify") == (0, "4 records, no findings\n", "")
    assert inside(story, "verify", "--format", "json").json() == {"head": 4, "findings": []}


def test_demo_walks_through_append_replay_and_snapshot(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    done = inside(None, "demo", "--keep", kept)
    assert done.code == 0 and "Traceback" not in done.err
    commands = [line.split()[2] for line in done.out.splitlines() if line.startswith("$ timeline ")]
    assert commands[0] == "import"
    jobs = [commands.index(job) for job in ("append", "replay", "snapshot")]
    assert jobs == sorted(jobs)
    assert inside(kept, "verify").code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    done = inside(None, name, "--help", cwd=tmp_path)
    assert done.code == 0 and done.out.startswith(f"Usage: timeline {name}")


def test_help_lists_every_command_and_version_its_number() -> None:
    listed = inside(None, "--help").out
    assert all(f"\n  {name} " in listed for name in COMMANDS)
    assert inside(None, "--version").out.startswith("timeline 0.")


def test_outside_a_newsroom_commands_say_how_to_make_one(tmp_path: Path) -> None:
    done = inside(None, "log", cwd=tmp_path)
    assert done.code == 2 and "timeline init" in done.err


@pytest.mark.parametrize("command", [["log"], ["replay"], ["chronology", "story"]])
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_lists_come_as_one_value_or_as_lines(story: Path, command: list[str], format: str) -> None:
    done = inside(story, *command, "--format", format)
    assert done.code == 0 and done.err == ""
    assert len(done.lines()) == 4 if format == "jsonl" else isinstance(done.json(), dict)
