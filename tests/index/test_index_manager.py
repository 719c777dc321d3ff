"""What is derived is there when it is asked for, follows the log, and can be deleted."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests import views
from tests.index.busy import busy_log
from tests.index.rooms import without_index
from tests.rooms import event, file_newsroom, fill
from timeline.errors import StoreError
from timeline.index.sqlite_store import SQLiteStore
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.snapshot import Snapshot

JOINED = event("joined", "2020", id="in", person="ada", organisation="lab")
LEFT = event("departed", "2021", id="out", person="ada", organisation="lab")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A newsroom with a member, of whom nobody has asked yet."""
    with file_newsroom(tmp_path / "room") as newsroom:
        fill(newsroom, JOINED)
    return tmp_path / "room"


def answer(newsroom: Newsroom, entity: str = "lab"):
    return views.snapshot(newsroom, entity, newsroom.basis(None, None))


def answers_from_rows(newsroom: Newsroom, entity: str = "lab") -> bool:
    """Whether there are rows to answer from; the answer must be that of the log either way."""
    basis = newsroom.basis(None, None)
    found = views.snapshot(newsroom, entity, basis)
    assert found == views.snapshot(without_index(newsroom), entity, basis)
    return newsroom._rows(basis) is not None


def raises(error: Exception):
    """A function that does nothing but raise."""

    def fail(*_: object) -> None:
        raise error

    return fail


def asked(room: Path) -> bool:
    with Newsroom.open(room) as newsroom:
        return answers_from_rows(newsroom)


def checkpoint(room: Path):
    with Newsroom.open(room) as newsroom:
        return newsroom.index.checkpoint()


def files(room: Path) -> set[str]:
    """What is in the directory of what is derived, but for locks and SQLite's own files."""
    own = ("-wal", "-shm", "-turn")
    names = {path.name for path in (room / "derived").iterdir()}
    return {name for name in names if not name.endswith(own)}


def test_nothing_is_derived_before_somebody_asks(room):
    assert not (room / "derived").exists()
    assert checkpoint(room) is None


def test_the_first_question_builds_what_it_is_answered_from(room):
    assert asked(room)
    assert checkpoint(room).position == 1
    assert len(files(room)) == 1


def test_whoever_writes_sees_it_at_once_and_so_do_others(room):
    with Newsroom.open(room) as writer, Newsroom.open(room) as reader:
        assert answers_from_rows(writer) and answers_from_rows(reader)
        fill(writer, LEFT)
        for newsroom in (writer, reader):
            assert answers_from_rows(newsroom)
            assert answer(newsroom)["statements"] == []
            assert newsroom.index.checkpoint().position == 2


def test_the_past_is_answered_from_rows_that_know_more(room):
    with Newsroom.open(room) as newsroom:
        fill(newsroom, LEFT)
        assert answers_from_rows(newsroom)
        before = views.snapshot(newsroom, "lab", newsroom.basis(None, "1"))
        assert [each["certainty"] for each in before["statements"]] == ["certain"]


@pytest.mark.parametrize("others", [[LEFT], [LEFT, JOINED], []], ids=["one", "longer", "empty"])
def test_a_log_that_was_replaced_by_another_is_noticed(room, tmp_path, others):
    assert asked(room)
    with file_newsroom(tmp_path / "other") as other:
        fill(other, *others)
    for path in room.glob("log.sqlite*"):
        path.unlink()
    shutil.copy(tmp_path / "other" / "log.sqlite", room)
    assert asked(room)
    assert checkpoint(room).position == len(others)
    assert len(files(room)) == 1


def test_what_is_derived_can_be_deleted_at_any_time(room):
    with Newsroom.open(room) as newsroom:
        assert answers_from_rows(newsroom)
        shutil.rmtree(room / "derived")
        assert answers_from_rows(newsroom)
        fill(newsroom, LEFT)
        shutil.rmtree(room / "derived")
        assert answers_from_rows(newsroom)
        assert answer(newsroom)["statements"] == []


def test_another_zone_reads_the_same_log_otherwise(room):
    day = event("joined", "2020-01-01", id="day", person="bob", organisation="lab")
    with Newsroom.open(room) as newsroom:
        fill(newsroom, {key: value for key, value in day.items() if key != "zone"}, importing=False)
    assert asked(room)
    (room / "timeline.toml").write_text('name = "room"\nzone = "Asia/Shanghai"\n')
    assert asked(room)
    assert len(files(room)) == 1


SHIPS = """
name = "harbour"
zone = "UTC"

[types.docked]
fields.ship = "entity!"
fields.port = "entity!"
effects = [{{ {act} = ["ship", "docked-at", "port"] }}]
"""


def test_types_that_are_declared_otherwise_have_rows_of_their_own(room):
    (room / "timeline.toml").write_text(SHIPS.format(act="set"))
    with Newsroom.open(room) as newsroom:
        for port in ("suez", "aden"):
            fill(newsroom, event("docked", "2020", ship="ever-given", port=port))
        assert answers_from_rows(newsroom, "ever-given")
        one = answer(newsroom, "ever-given")["statements"]
    (room / "timeline.toml").write_text(SHIPS.format(act="begin"))
    with Newsroom.open(room) as newsroom:
        assert answers_from_rows(newsroom, "ever-given")
        assert answer(newsroom, "ever-given")["statements"] != one


def test_records_of_a_type_that_is_no_longer_declared_are_left_out_until_it_is_back(room):
    plain = (room / "timeline.toml").read_text()
    (room / "timeline.toml").write_text(SHIPS.format(act="set"))
    with Newsroom.open(room) as newsroom:
        fill(newsroom, event("docked", "2020", ship="ever-given", port="suez"))
        fill(newsroom, LEFT)
    (room / "timeline.toml").write_text(plain)
    assert asked(room)
    assert checkpoint(room)[::2] == (3, 2)
    (room / "timeline.toml").write_text(SHIPS.format(act="set"))
    assert asked(room)
    assert checkpoint(room)[::2] == (3, 0)


# A place where nothing can be kept.


def test_where_nothing_can_be_kept_the_log_answers(room):
    (room / "derived").write_text("a file where a directory should be")
    assert not asked(room)
    assert (room / "derived").read_text().startswith("a file")


def test_an_index_that_cannot_be_opened_is_passed_over(room):
    assert asked(room)
    (rows,) = (room / "derived").glob("*.sqlite")
    for path in (room / "derived").glob(f"{rows.name}*"):
        path.unlink()
    rows.mkdir()
    for _ in range(2):
        asked(room)
    assert rows.is_dir()


@pytest.mark.parametrize("content", [b"", b"junk" * 9000], ids=["empty", "junk"])
def test_rows_that_cannot_be_read_are_made_again(room, content):
    assert asked(room)
    (rows,) = (room / "derived").glob("*.sqlite")
    for path in (room / "derived").glob(f"{rows.name}-*"):
        path.unlink()
    rows.write_bytes(content)
    assert asked(room)
    assert checkpoint(room).position == 1


@pytest.mark.parametrize("settings", ["000000000000", None], ids=["other settings", "same"])
def test_what_a_killed_build_has_left_is_deleted(room, settings):
    assert asked(room)
    (rows,) = (room / "derived").glob("*.sqlite")
    left = rows.name if settings is None else f"effects-4-{settings}-1.sqlite"
    (room / "derived" / f"{left}-new").write_bytes(b"half")
    (room / "derived" / left.replace("-1.sqlite", "-2.sqlite-new")).write_bytes(b"half")
    with Newsroom.open(room) as newsroom:
        newsroom.index.rebuild()
    assert len(files(room)) == 1


# Rebuilding.


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    with file_newsroom(tmp_path / "busy") as newsroom:
        fill(newsroom, *busy_log(300, merges=1), importing=True)
    return tmp_path / "busy"


def test_questions_are_answered_while_the_index_is_rebuilt(busy):
    with Newsroom.open(busy) as asking, Newsroom.open(busy) as building:
        basis = asking.basis(None, None)
        expected = views.snapshot(asking, "place-1", basis)
        assert expected["statements"]
        told = []

        def ask(position: int, last: int) -> None:
            told.append(views.snapshot(asking, "place-1", basis) == expected)

        building.index.report = ask
        for times in (1, 2):
            building.index.rebuild()
            assert len(told) >= times and all(told)
            assert views.snapshot(asking, "place-1", basis) == expected
            assert answers_from_rows(asking, "place-1")
    assert len(files(busy)) == 1


def tamper(room: Path, change: str) -> None:
    """Change a row that places stand in, as no program of ours would."""
    (rows,) = (room / "derived").glob("*.sqlite")
    with closing(sqlite3.connect(rows)) as connection, connection:
        connection.execute(
            f"UPDATE rows SET {change} WHERE (key, event, since) IN "
            "(SELECT key, event, since FROM rows WHERE until > 300 AND key = 'eplace-1' LIMIT 1)"
        )


@pytest.mark.parametrize(
    "change",
    ["until = 301", "since = 1", "event = 1", "state = x'00'", "state = 'text'", "sum = sum + 1"],
)
def test_a_row_that_was_changed_is_not_believed_and_the_index_is_built_again(busy, change):
    assert asked(busy)
    tamper(busy, change)
    said: list[str] = []
    with Newsroom.open(busy, said.append) as newsroom:
        question = Snapshot("place-1", as_of="2030")
        assert newsroom.ask(question) == without_index(newsroom).ask(question)
        assert any("rebuilding the index from the log" in each for each in said)
        assert newsroom.index.rebuild().difference is None


def test_damaged_rows_that_may_not_be_replaced_are_passed_over(busy, monkeypatch):
    assert asked(busy)
    tamper(busy, "until = 301")
    monkeypatch.setattr(SQLiteStore, "abandon", raises(StoreError("not permitted")))
    with Newsroom.open(busy) as newsroom:
        for _ in range(2):
            question = Snapshot("place-1", as_of="2030")
            assert newsroom.ask(question) == without_index(newsroom).ask(question)
        assert newsroom._rows(newsroom.basis(None, None)) is None
        newsroom.index.rebuild()
        assert answers_from_rows(newsroom, "place-1")


def test_a_rebuild_says_where_the_rows_before_were_wrong_and_the_log_decides(busy):
    with Newsroom.open(busy) as newsroom:
        assert newsroom.index.rebuild().difference is None
        tamper(busy, "until = 250, sum = sum - until + 250")
        kept = files(busy)
        assert "eplace-1" in newsroom.index.rebuild().difference
        assert files(busy) != kept
        assert newsroom.index.rebuild().difference is None


def test_whatever_bit_of_the_index_flips_questions_are_answered(busy):
    with Newsroom.open(busy) as newsroom:
        newsroom.index.rebuild()
    (rows,) = (busy / "derived").glob("*.sqlite")
    sound, chosen = rows.read_bytes(), Random(1)
    for _ in range(200):
        flipped = bytearray(sound)
        flipped[chosen.randrange(len(sound))] ^= 1 << chosen.randrange(8)
        shutil.rmtree(busy / "derived")
        rows.parent.mkdir()
        rows.write_bytes(flipped)
        with Newsroom.open(busy) as newsroom:
            assert newsroom.ask(Snapshot("place-1", as_of="2030"))["statements"]
