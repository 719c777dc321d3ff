"""Several processes at once: nobody is locked out, nothing is lost, time never goes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.running import REPOSITORY, command, environment, head, inside, timeline

EACH = 40


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=REPOSITORY,
    )


def test_four_may_append_while_two_read(room: Path) -> None:
    readers = [started("-m", "tests.robustness.reader", str(room)) for _ in range(2)]
    writers = [
        started("-m", "tests.robustness.appender", str(room), f"writer{n}", str(EACH))
        for n in range(4)
    ]
    for writer in writers:
        out, err = writer.communicate(timeout=100)
        assert (writer.returncode, err) == (0, "") and len(out.split()) == EACH
    for reader in readers:
        out, err = reader.communicate(timeout=100)
        assert (reader.returncode, err) == (0, "") and int(out) > 1
    records = inside(room, "log", "--format", "jsonl").lines()
    assert {record["id"] for record in records} == {
        f"writer{writer}-{number}" for writer in range(4) for number in range(EACH)
    }
    assert [record["position"] for record in records] == list(range(1, 4 * EACH + 1))
    times = [record["recorded_at"] for record in records]
    assert times == sorted(times)
    assert timeline(room, "verify").code == 0


def test_of_several_who_expect_the_same_version_one_is_first(room: Path) -> None:
    words = (
        "append", "happened", "--story", "story", "--about", "lab", "--when", "2026",
        "--source", "https://example.org", "--expect", "0",
    )  # fmt: skip
    processes = [
        subprocess.Popen(
            command(room, *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for _ in range(4)
    ]
    complaints = [process.communicate(timeout=100)[1] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 3, 3, 3]
    assert sum("is at version 1, not 0" in complaint for complaint in complaints) == 3
    assert head(room) == 1
