"""The same id twice: one record where the content is the same, refused where it is not."""

from __future__ import annotations

from pathlib import Path

from tests.rooms import event
from tests.running import append, as_lines, head, inside

JOINED = event("joined", "2026", id="in", person="ada", organisation="lab")


def test_the_same_record_twice_is_one_record(room: Path) -> None:
    append(room, JOINED)
    done = inside(room, "append", "--json", "-", given=as_lines([JOINED]))
    assert done.code == 0 and "1 already there" in done.out
    assert head(room) == 1


def test_the_same_record_twice_in_one_batch_is_one_record(room: Path) -> None:
    done = inside(room, "append", "--json", "-", given=as_lines([JOINED, JOINED]))
    assert done.code == 0 and head(room) == 1


def test_the_order_of_keys_does_not_make_another_record(room: Path) -> None:
    append(room, JOINED)
    backwards = dict(reversed(JOINED.items()))
    assert inside(room, "append", "--json", "-", given=as_lines([backwards])).code == 0
    assert head(room) == 1


def test_the_same_id_with_other_content_is_refused(room: Path) -> None:
    append(room, JOINED)
    other = {**JOINED, "person": "bob", "role": "lead"}
    done = inside(room, "append", "--json", "-", given=as_lines([other]))
    assert done.code == 2 and head(room) == 1
    assert "-:1: id: 'in' is recorded already, at position 1" in done.err
    assert "person" in done.err and "role" in done.err and "use another id" in done.err


def test_the_same_id_with_other_content_in_one_batch_is_refused(room: Path) -> None:
    batch = [JOINED, {**JOINED, "role": "lead"}]
    done = inside(room, "append", "--json", "-", given=as_lines(batch))
    assert done.code == 2 and "-:2: id: " in done.err and head(room) == 0


def test_a_record_of_one_command_sent_again_is_one_record(room: Path) -> None:
    words = (
        "append", "joined", "--story", "s", "--person", "ada", "--organisation", "lab",
        "--when", "2026", "--source", "https://example.org", "--id", "in",
    )  # fmt: skip
    assert inside(room, *words).code == 0
    again = inside(room, *words)
    assert again.code == 0 and "already" in again.out and head(room) == 1


def test_importing_a_log_again_changes_nothing(room: Path) -> None:
    append(
        room,
        JOINED,
        event("happened", "2026", about=["lab"]),
        {"story": "story", "type": "correction", "corrects": "in", "reason": "Heard again."}
        | {"changes": {"role": "lead"}},
        {"story": "story", "type": "retraction", "retracts": "in", "reason": "Not so."},
    )
    log = inside(room, "export").out
    done = inside(room, "import", "-", given=log)
    assert done == (0, "imported 0 records, 4 were already in the log; the head is at 4\n", "")
    assert inside(room, "export").out == log


def test_an_import_may_bring_known_records_and_new_ones_after_them(room: Path) -> None:
    append(room, JOINED)
    later = event("happened", "2026", id="so", about=["lab"])
    log = inside(room, "export").out.encode()
    later["recorded_at"] = "2100-01-01T00:00:00.000000Z"
    done = inside(room, "import", "-", given=log + as_lines([later]))
    assert done.code == 0 and head(room) == 2


def test_an_import_never_goes_back_behind_the_head(room: Path) -> None:
    append(room, JOINED)
    early = {**JOINED, "id": "early", "recorded_at": "2001-01-01T00:00:00Z"}
    done = inside(room, "import", "-", given=as_lines([early]))
    assert done.code == 2 and head(room) == 1
    assert "-:1: recorded_at: is earlier than the head" in done.err


def test_an_older_log_is_one_problem_and_not_one_for_each_line(room: Path) -> None:
    append(room, JOINED)
    older = [
        {**JOINED, "id": f"old{n}", "recorded_at": f"2001-01-01T00:00:0{n}Z"} for n in range(5)
    ]
    withdrawn = {"story": "story", "type": "retraction", "retracts": "old1", "reason": "Not so."}
    older.append({**withdrawn, "recorded_at": "2001-01-01T00:00:09Z"})
    done = inside(room, "import", "-", given=as_lines(older))
    assert done.code == 2 and head(room) == 1
    problem, rest = done.err.splitlines()
    assert problem.startswith("Error: -:1: recorded_at: is earlier than the head of the log")
    assert "empty newsroom" in problem and "the rest was not read" in rest


def test_an_import_that_steps_back_within_itself_is_refused(room: Path) -> None:
    batch = [
        {**JOINED, "id": "a", "recorded_at": "2026-01-02T00:00:00Z"},
        {**JOINED, "id": "b", "recorded_at": "2026-01-01T00:00:00Z"},
    ]
    done = inside(room, "import", "-", given=as_lines(batch))
    assert done.code == 2 and "-:2: recorded_at: " in done.err and head(room) == 0
