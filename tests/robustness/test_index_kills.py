"""kill -9 while an index is built, caught up and switched: its rows are those of the log."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import views
from tests.examples import turns
from tests.index.busy import busy_log
from tests.index.rooms import rows_of, without_index
from tests.killing import kill_after
from tests.rooms import file_newsroom, fill
from tests.running import REPOSITORY, environment, timeline
from timeline.newsroom.newsroom import Newsroom

COUNT = 900
RECORDS = busy_log(COUNT, merges=1)


def process(room: Path, what: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.robustness.indexer", room, what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=REPOSITORY,
    )


def is_derived_from_the_log(room: Path) -> None:
    """The rows are those of the log, and so are the answers."""
    with Newsroom.open(room) as newsroom:
        basis = newsroom.basis(None, None)
        kept = newsroom.index.rows(basis.as_known)
        assert kept is not None
        assert list(kept.all(basis.as_known)) == list(rows_of(newsroom).all(basis.as_known))
        for entity in ("place-1", "person-1"):
            expected = views.snapshot(without_index(newsroom), entity, basis)
            assert views.snapshot(newsroom, entity, basis) == expected


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    with file_newsroom(tmp_path / "busy") as newsroom:
        fill(newsroom, *RECORDS, importing=True)
    return tmp_path / "busy"


def test_rows_survive_dozens_of_kills_at_any_moment(busy: Path) -> None:
    chance = random.Random(20260304)
    for turn in range(turns(3, 24)):
        what = "ask" if turn % 3 else "rebuild"
        if turn % 4 == 0:
            shutil.rmtree(busy / "derived", ignore_errors=True)
        with process(busy, what) as running:
            kill_after(running, chance.randint(1, 25), chance)
        if turn % 6 == 5:
            is_derived_from_the_log(busy)
    with Newsroom.open(busy) as newsroom:
        newsroom.index.rebuild()
    is_derived_from_the_log(busy)
    left = [path.name for path in (busy / "derived").glob("*.sqlite*")]
    assert [name for name in left if not name.endswith(("-wal", "-shm", "-turn"))] == [
        name for name in left if name.endswith(".sqlite")
    ]
    assert len(list((busy / "derived").glob("*.sqlite"))) == 1


@pytest.mark.parametrize("mark", ["*.sqlite-new", "*.sqlite", "*-wal"])
def test_a_build_that_is_killed_once_a_file_is_there_goes_on(busy: Path, mark: str) -> None:
    with process(busy, "ask") as running:
        while running.poll() is None:
            if any((busy / "derived").glob(mark)):
                running.kill()
                running.wait()
    is_derived_from_the_log(busy)


def test_catching_up_is_killed_between_two_batches(tmp_path: Path) -> None:
    chance = random.Random(7)
    with file_newsroom(tmp_path / "room") as newsroom:
        step = COUNT // turns(3, 12)
        for first in range(0, COUNT, step):
            fill(newsroom, *RECORDS[first : first + step], importing=True)
            with process(tmp_path / "room", "ask") as running:
                kill_after(running, chance.randint(1, 8), chance)
    is_derived_from_the_log(tmp_path / "room")


def test_processes_that_ask_the_first_question_at_once_are_all_answered(busy: Path) -> None:
    running = [process(busy, what) for what in ("ask", "ask", "rebuild", "rebuild", "ask")]
    said = [each.communicate() for each in running]
    assert [each.returncode for each in running] == [0] * len(running), said
    assert len({out.splitlines()[-1] for out, _ in said}) == 1
    is_derived_from_the_log(busy)


def test_a_full_disk_leaves_the_answers_to_the_log(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        with file_newsroom(disk / "room") as newsroom:
            fill(newsroom, *RECORDS, importing=True)
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"f" * (free - 300_000))
        done = timeline(disk / "room", "snapshot", "place-1", "--format", "json")
        assert done.code == 0, done.err
        assert timeline(disk / "room", "rebuild").code == 4
        (disk / "filler").unlink()
        is_derived_from_the_log(disk / "room")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
