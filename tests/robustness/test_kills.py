"""kill -9 at any moment: what was acknowledged is there, and nothing is torn."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import some, turns
from tests.killing import kill_after
from tests.rooms import event
from tests.running import REPOSITORY, append, as_lines, command, environment, head, inside

IMPORTED = 4000


def is_whole(room: Path) -> bool:
    """Whether the log passes verification: gapless, in order, nothing half-written."""
    return inside(room, "verify").code == 0


def test_whatever_was_acknowledged_survives_three_dozen_kills(room: Path) -> None:
    chance = random.Random(20260303)
    acknowledged: set[str] = set()
    for turn in range(turns(1, 12)):
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.robustness.appender", room, f"turn{turn}-{writer}"],
                stdout=subprocess.PIPE,
                env=environment(),
                cwd=REPOSITORY,
            )
            for writer in range(3)
        ]
        for process in processes:
            heard = kill_after(process, chance.randrange(1, 12), chance)
            acknowledged |= {line.decode().strip() for line in heard if line.endswith(b"\n")}
        kept = {record["id"] for record in inside(room, "log", "--format", "jsonl").lines()}
        assert acknowledged <= kept
        assert len(kept) <= len(acknowledged) + 3 * (turn + 1)
        assert is_whole(room)


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portable log that takes a while to import."""
    file = tmp_path_factory.mktemp("log") / "long.jsonl"
    record = event("happened", "2026", about=["lab"], body="b" * 500)
    file.write_bytes(as_lines({**record, "id": f"r{n}"} for n in range(IMPORTED)))
    return file


def importing(room: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(room, "import", file), stdout=subprocess.DEVNULL, env=environment()
    )


def size_of(file: Path) -> int:
    """The size of a file that may come and go; 0 while it is not there."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("seconds", some([0.6, 0.3, 0.9, 1.2]))
def test_a_killed_import_leaves_all_or_nothing(room: Path, long_log: Path, seconds: float) -> None:
    process = importing(room, long_log)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert head(room) in (0, IMPORTED) and is_whole(room)
    assert inside(room, "import", long_log).code == 0
    assert head(room) == IMPORTED and is_whole(room)


@pytest.mark.parametrize("written", some([100_000, 2_000_000, 1, 1_000_000], 2))
def test_an_import_killed_while_it_commits_leaves_all_or_nothing(
    room: Path, long_log: Path, written: int
) -> None:
    process = importing(room, long_log)
    journal = room / "log.sqlite-wal"
    while process.poll() is None:
        if size_of(journal) > written:
            process.kill()
            process.wait()
    assert head(room) in (0, IMPORTED) and is_whole(room)
    assert inside(room, "import", long_log).code == 0
    assert head(room) == IMPORTED


def killed_at_a_step(room: Path, chance: random.Random, *words: object) -> None:
    """Run a command, and kill it at one of its steps towards the disk."""
    program = [sys.executable, "-m", "tests.robustness.stepping", "--newsroom", str(room)]
    process = subprocess.Popen(
        [*program, *map(str, words)], stdout=subprocess.PIPE, env=environment(), cwd=REPOSITORY
    )
    kill_after(process, chance.randrange(1, 10), chance)


def test_a_killed_export_leaves_the_old_one_or_the_new(room: Path, tmp_path: Path) -> None:
    chance, file = random.Random(20261202), tmp_path / "backup.jsonl"
    assert inside(room, "export", "-o", file).code == 0
    for number in range(turns(4, 24)):
        append(room, event("happened", "2026", id=f"r{number}", about=["lab"]))
        old, new = file.read_text(), inside(room, "export").out
        killed_at_a_step(room, chance, "export", "-o", file)
        assert file.read_text() in (old, new)


def test_a_killed_init_leaves_a_newsroom_or_one_that_can_be_made(tmp_path: Path) -> None:
    chance = random.Random(20261203)
    for number in range(turns(4, 24)):
        room = tmp_path / f"room{number}"
        killed_at_a_step(room, chance, "init", room, "--zone", "Europe/Berlin")
        if not (room / "timeline.toml").exists():
            assert inside(None, "init", room, "--zone", "Europe/Berlin").code == 0
        status = inside(room, "status", "--format", "json").json()
        assert (status["head"], status["zone"]) == (0, "Europe/Berlin")
