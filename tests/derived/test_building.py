"""Law 3: folded in bit by bit, from scratch or side by side, the rows are the same."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.derived.busy import busy_log
from tests.derived.poison import poison
from tests.examples import examples
from tests.rooms import event, file_newsroom, fill
from tests.worlds.logs import logs, newsroom_with
from timeline.index.building import build
from timeline.index.catch_up import catch_up
from timeline.index.effects_index import ACTS
from timeline.index.memory_rows import MemoryRows
from timeline.index.projection import FOREVER, Progress
from timeline.index.sqlite_rows import SQLiteRows
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import open_log

COUNT = 1800


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A newsroom with a busy log, in whose middle entities are merged."""
    directory = tmp_path_factory.mktemp("busy") / "room"
    with file_newsroom(directory) as newsroom:
        fill(newsroom, *busy_log(COUNT), importing=True)
    return directory


@pytest.fixture(scope="module")
def expected(room):
    """The rows folded in one by one in memory, without a file."""
    return list(one_by_one(room).all(COUNT))


def one_by_one(room: Path, until: int | None = None) -> MemoryRows:
    rows = MemoryRows()
    with Newsroom.open(room) as newsroom:
        progress = catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary, until)
    assert progress.problem is None
    return rows


@pytest.fixture
def rows(tmp_path):
    rows = SQLiteRows.create(tmp_path / "rows.sqlite")
    yield rows
    rows.close()


def test_every_kind_of_amendment_rewrites_rows_of_the_busy_log(expected):
    closed = [row for row in expected if row[3] != FOREVER]
    assert len(expected) > 2 * COUNT and len(closed) > COUNT // 4


@pytest.mark.parametrize("batch", [7, 500, COUNT])
def test_batches_of_any_size_give_the_same_rows(room, rows, expected, batch):
    with Newsroom.open(room) as newsroom:
        vocabulary = newsroom.settings.vocabulary
        progress = catch_up(ACTS, rows, newsroom.store, vocabulary, batch=batch)
    assert progress.checkpoint == COUNT
    assert list(rows.all(COUNT)) == expected


@pytest.mark.parametrize(("jobs", "stretch"), [(2, 40), (3, 100)])
def test_processes_side_by_side_give_the_same_rows(room, rows, expected, jobs, stretch):
    told = []
    progress = build(ACTS, rows, partial(open_log, room), jobs, told.append, stretch)
    assert (progress.checkpoint, progress.problem) == (COUNT, None)
    assert list(rows.all(COUNT)) == expected
    assert told == sorted(told) and told[-1] == COUNT
    assert rows.spools().paths() == []


def test_what_a_build_that_was_cut_off_has_left_is_gone_when_one_process_ends_it(
    room, rows, expected
):
    rows.spools().open(0).close()
    build(ACTS, rows, partial(open_log, room), jobs=1)
    assert list(rows.all(COUNT)) == expected
    assert not rows.spools().directory.exists()


def test_more_processes_than_a_file_can_be_made_of_give_the_same_rows(room, rows, expected):
    catch_up_to(room, rows, COUNT - 400)
    build(ACTS, rows, partial(open_log, room), jobs=12, stretch=30)
    assert list(rows.all(COUNT)) == expected


SCRIPT = """
import sys
from functools import partial
from pathlib import Path

from timeline.index import building, index_manager
from timeline.newsroom.newsroom import Newsroom

print("asking")
index_manager.build = partial(building.build, stretch=100)
with Newsroom.open(Path(sys.argv[1])) as newsroom:
    print(newsroom.is_known("place-1", newsroom.basis("2030", None)))
"""


def test_a_script_that_asks_at_its_top_level_builds_side_by_side(room, tmp_path):
    """Python's own way to start a process would run the script again in each."""
    asked = copytree(room, tmp_path / "asked", ignore=ignore_patterns("derived"))
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, script, asked], capture_output=True, text=True, timeout=120
    )
    assert (done.stdout, done.stderr) == ("asking\nTrue\n", "")


def catch_up_to(room: Path, rows: SQLiteRows, until: int) -> Progress:
    with Newsroom.open(room) as newsroom:
        return catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary, until)


def test_names_and_ids_that_hold_a_nul_give_the_same_rows_side_by_side(tmp_path):
    """SQLite's JSON ends a text at a NUL."""
    statement = {"subject": "ada", "property": "motto", "value": "say\0no more"}
    records = [
        event("became", "2020", id="a\0", **statement),
        event("ended", "2021", id="b\0", **statement) | {"after": [{"id": "a\0"}]},
    ]
    with file_newsroom(tmp_path / "room") as newsroom:
        fill(newsroom, *records)
        found = newsroom.records_about(["say\0no more", "say"], newsroom.basis("2022", None))
        assert [each.position for each in found] == [1, 2]
    rows = SQLiteRows.create(tmp_path / "rows.sqlite")
    build(ACTS, rows, partial(open_log, tmp_path / "room"), jobs=2, stretch=1)
    assert list(rows.all(2)) == list(one_by_one(tmp_path / "room").all(2))
    assert {"nsay\0no more", "la\0"} <= {key for key, *_ in rows.all(2)}
    rows.close()


def test_rows_at_a_position_are_those_of_the_log_up_to_there(room, expected):
    """Law 1, on rows."""
    whole = one_by_one(room)
    for position in range(0, COUNT + 1, 450):
        assert list(one_by_one(room, position).all(position)) == list(whole.all(position))


@examples(100)
@given(records=logs(most=16), batch=st.integers(1, 5), data=st.data())
def test_appending_never_changes_rows_as_they_stood_before(records, batch, data):
    newsroom = newsroom_with(records)
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    position = data.draw(st.integers(0, len(records)))
    rows, whole = MemoryRows(), MemoryRows()
    catch_up(ACTS, rows, log, vocabulary, position, batch=batch)
    before = list(rows.all(position))
    catch_up(ACTS, whole, log, vocabulary)
    assert list(whole.all(position)) == before
    catch_up(ACTS, rows, log, vocabulary, batch=batch)
    assert list(rows.all(len(records))) == list(whole.all(len(records)))


# A build that was cut off.


def spool(room: Path, rows: SQLiteRows, number: int, *stretches: tuple[int, int]) -> None:
    """What a process of a build has left that was killed."""
    from timeline.index.catch_up import Folding, anchor_of
    from timeline.index.parallel_build import nothing

    log, vocabulary = open_log(room)
    spool = rows.spools().open(number)
    for after, until in stretches:
        folding = Folding(ACTS, log, vocabulary, after, nothing)
        spool.write((after, until), anchor_of(log, until), folding.rows(until))
    spool.close()
    log.close()


@pytest.mark.parametrize(
    "left",
    [
        [[(0, 40)], [(80, 120), (160, 200)]],
        # The log ended there when it was folded.
        [[(0, 40)], [(80, 101)]],
        # Two processes of two builds, the first of which was killed.
        [[(0, 40), (40, 80)], [(40, 80)]],
    ],
    ids=["with gaps", "of a shorter log", "twice"],
)
def test_a_build_that_was_cut_off_goes_on_with_what_was_folded(room, rows, expected, left):
    for number, stretches in enumerate(left):
        spool(room, rows, number, *stretches)
    told = []
    build(ACTS, rows, partial(open_log, room), 2, told.append, 40)
    assert told[0] == len({place for part in left for s in part for place in range(*s)})
    assert list(rows.all(COUNT)) == expected


def test_what_is_in_the_rows_already_is_not_put_in_again(room, rows, expected):
    """A build was killed between the commit of the rows and the end of its spools."""
    catch_up_to(room, rows, 120)
    spool(room, rows, 0, (0, 40), (40, 80), (80, 120), (120, 160))
    build(ACTS, rows, partial(open_log, room), 2, stretch=40)
    assert list(rows.all(COUNT)) == expected


def test_a_stretch_that_is_half_in_the_rows_is_folded_again(room, rows, expected):
    catch_up_to(room, rows, 100)
    spool(room, rows, 0, (0, 160))
    build(ACTS, rows, partial(open_log, room), 2, stretch=40)
    assert list(rows.all(COUNT)) == expected


def test_what_was_folded_of_another_log_is_not_used(room, rows, expected, tmp_path):
    with file_newsroom(tmp_path / "other") as other:
        fill(other, *busy_log(COUNT // 4, merges=0, seed=4), importing=True)
    spool(tmp_path / "other", rows, 0, (0, 40), (40, 80))
    build(ACTS, rows, partial(open_log, room), 2, stretch=40)
    assert list(rows.all(COUNT)) == expected


@pytest.mark.parametrize("content", [b"", b"junk" * 5000], ids=["empty", "junk"])
def test_a_scratch_file_that_cannot_be_read_is_made_again(room, rows, expected, content):
    spool(room, rows, 0, (0, 40))
    (path,) = rows.spools().paths()
    for each in path.parent.iterdir():
        each.write_bytes(content)
    build(ACTS, rows, partial(open_log, room), 2, stretch=40)
    assert list(rows.all(COUNT)) == expected


def test_a_record_that_cannot_be_folded_stops_the_build_in_front_of_it(room, rows, tmp_path):
    poisoned = copytree(room, tmp_path / "poisoned")
    poison(poisoned, 130)
    progress = build(ACTS, rows, partial(open_log, poisoned), 2, stretch=40)
    assert progress.checkpoint == 129
    assert "position 130" in progress.problem and "happened/9" in progress.problem
    assert list(rows.all(COUNT)) == list(one_by_one(room, 129).all(COUNT))
    assert rows.spools().paths() == []
