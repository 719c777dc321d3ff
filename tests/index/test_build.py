"""Law 3: folded in bit by bit, from scratch or side by side, the rows are the same."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.index.busy import busy_log
from tests.index.poison import poison
from tests.index.rooms import rows_of
from tests.rooms import event, file_newsroom, fill
from tests.worlds.logs import logs, newsroom_with
from timeline.errors import StoreError
from timeline.index.build import build
from timeline.index.catch_up import catch_up
from timeline.index.processes import processes
from timeline.index.rows import DAMAGED, FOREVER, UNREADABLE
from timeline.index.sqlite_store import rows_in_memory, rows_in_new_file
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


def one_by_one(room: Path, until: int | None = None):
    with Newsroom.open(room) as newsroom:
        return rows_of(newsroom, until)


@pytest.fixture(params=["file", "memory", "postgres"])
def rows(request, tmp_path):
    """Empty rows to build."""
    if request.param == "postgres":
        with request.getfixturevalue("indexes").rows() as rows:
            yield rows
        return
    is_file = request.param == "file"
    rows = rows_in_new_file(tmp_path / "rows.sqlite") if is_file else rows_in_memory()
    yield rows
    rows.close()


def built(room: Path, rows, executor: Executor | None = None, **options):
    """Build the rows of a newsroom from its log."""
    log, vocabulary = open_log(room)
    try:
        return build(rows, log, vocabulary, executor, partial(open_log, room), **options)
    finally:
        log.close()


class Pickling(ThreadPoolExecutor):
    """An executor of this process that pickles tasks and results, as one of other hosts would."""

    def submit(self, task, /, *given, **named):
        sent = pickle.dumps((task, given, named))
        return super().submit(_call, sent)


def _call(sent: bytes):
    task, given, named = pickle.loads(sent)
    return pickle.loads(pickle.dumps(task(*given, **named)))


def test_every_kind_of_amendment_rewrites_rows_of_the_busy_log(expected):
    closed = [row for row in expected if row[3] != FOREVER]
    assert len(expected) > 2 * COUNT and len(closed) > COUNT // 4


@pytest.mark.parametrize("batch", [7, 500, COUNT])
def test_batches_of_any_size_give_the_same_rows(room, rows, expected, batch):
    with Newsroom.open(room) as newsroom:
        vocabulary = newsroom.settings.vocabulary
        checkpoint = catch_up(rows, newsroom.store, vocabulary, batch=batch)
    assert checkpoint.position == COUNT
    assert list(rows.all(COUNT)) == expected


@pytest.mark.parametrize("stretch", [40, 100, 700, 5000])
def test_stretches_of_any_length_give_the_same_rows(room, rows, expected, stretch):
    checkpoint = built(room, rows, stretch=stretch)
    assert checkpoint[::2] == (COUNT, 0)
    assert list(rows.all(COUNT)) == expected


@pytest.mark.parametrize(("jobs", "stretch"), [(2, 40), (3, 100)])
def test_processes_side_by_side_give_the_same_rows(room, rows, expected, jobs, stretch):
    reported = []
    with processes(jobs) as executor:
        checkpoint = built(room, rows, executor, stretch=stretch, report=reported.append)
    assert checkpoint[::2] == (COUNT, 0)
    assert list(rows.all(COUNT)) == expected
    assert reported == sorted(reported) and reported[-1] == COUNT
    assert rows.checkpoint() == checkpoint


def test_any_executor_gives_the_same_rows_from_tasks_that_can_be_pickled(room, rows, expected):
    with Pickling(2) as executor:
        built(room, rows, executor, stretch=40)
    assert list(rows.all(COUNT)) == expected


def test_a_build_goes_on_from_where_the_rows_stand(room, rows, expected):
    with Newsroom.open(room) as newsroom:
        catch_up(rows, newsroom.store, newsroom.settings.vocabulary, COUNT - 400)
    built(room, rows, stretch=30)
    assert list(rows.all(COUNT)) == expected


class Broken(Executor):
    """An executor whose processes die."""

    def submit(self, task, /, *given, **named):
        future: Future = Future()
        future.set_exception(BrokenProcessPool("it was killed"))
        return future


def test_a_process_that_dies_fails_the_build_and_leaves_the_rows_as_they_were(room, rows):
    with pytest.raises(StoreError, match="has died"):
        built(room, rows, Broken(), stretch=40)
    assert rows.checkpoint().position == 0
    assert list(rows.all(COUNT)) == []


def test_a_worker_process_that_is_killed_is_noticed(room):
    with pytest.raises(StoreError, match="has died"), processes(2) as executor:
        built(room, rows_in_memory(), Killing(executor), stretch=40)


class Killing(Executor):
    """An executor whose processes are killed with their third task."""

    def __init__(self, executor: Executor):
        self.executor = executor
        self.count = 0

    def submit(self, task, /, *given, **named):
        self.count += 1
        if self.count == 3:
            return self.executor.submit(_kill)
        return self.executor.submit(task, *given, **named)


def _kill() -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


SCRIPT = """
import sys
from pathlib import Path

from timeline.index import index_manager
from timeline.newsroom.newsroom import Newsroom

print("asking")
index_manager.PARALLEL = 1
with Newsroom.open(Path(sys.argv[1])) as newsroom:
    newsroom.index.jobs = 2
    print(newsroom.is_known("place-1", newsroom.basis("2030", None)))
"""


def test_a_script_that_asks_at_its_top_level_builds_side_by_side(tmp_path):
    """`multiprocessing` would run the script again in each process."""
    with file_newsroom(tmp_path / "asked") as newsroom:
        fill(newsroom, *busy_log(5200, merges=0), importing=True)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script, tmp_path / "asked"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("asking\nTrue\n", "")


def test_names_and_ids_that_hold_a_nul_give_the_same_rows_side_by_side(tmp_path):
    """SQLite's JSON ends a text at a NUL, and PostgreSQL's text cannot hold one."""
    statement = {"subject": "ada", "property": "motto", "value": "say\0no more"}
    records = [
        event("became", "2020", id="a\0", **statement),
        event("ended", "2021", id="b\n", **statement) | {"after": [{"id": "a\0"}]},
    ]
    with file_newsroom(tmp_path / "room") as newsroom:
        fill(newsroom, *records)
        found = newsroom.records_about(["say\0no more", "say"], newsroom.basis("2022", None))
        assert [each.position for each in found] == [1, 2]
    rows = rows_in_memory()
    with Pickling(2) as executor:
        built(tmp_path / "room", rows, executor, stretch=1)
    assert list(rows.all(2)) == list(one_by_one(tmp_path / "room").all(2))
    assert not any("\0" in key or key.endswith("\n") for key, *_ in rows.all(2))


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
    rows, whole = rows_in_memory(), rows_in_memory()
    catch_up(rows, log, vocabulary, position, batch=batch)
    before = list(rows.all(position))
    catch_up(whole, log, vocabulary)
    assert list(whole.all(position)) == before
    catch_up(rows, log, vocabulary, batch=batch)
    assert list(rows.all(len(records))) == list(whole.all(len(records)))


@examples(60)
@given(records=logs(most=16), stretch=st.integers(1, 5))
def test_any_log_gives_the_same_rows_in_stretches(records, stretch):
    newsroom = newsroom_with(records)
    rows = rows_in_memory()
    build(rows, newsroom.store, newsroom.settings.vocabulary, stretch=stretch)
    assert list(rows.all(len(records))) == list(rows_of(newsroom).all(len(records)))


@pytest.mark.parametrize("executor", [None, Pickling(2)], ids=["here", "by tasks"])
@pytest.mark.parametrize("position", [130, 1, 121, 160])
def test_a_record_that_cannot_be_read_is_passed_over(room, rows, tmp_path, position, executor):
    poisoned = copytree(room, tmp_path / "poisoned", ignore=ignore_patterns("derived"))
    poison(poisoned, position)
    checkpoint = built(poisoned, rows, executor, stretch=40)
    assert checkpoint[::2] == (COUNT, position)
    assert rows.checkpoint() == checkpoint
    assert rows.found([UNREADABLE], COUNT) == [(position, DAMAGED)]
    assert list(rows.all(COUNT)) == list(one_by_one(poisoned).all(COUNT))
