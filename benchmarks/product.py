"""The product, through its public interface alone, so that its insides may change."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.effects import Statement
from benchmarks.measure import TIMELINE, Run, process
from benchmarks.workload import Question, Workload
from timeline import temporal
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord

LOG = "log.sqlite"


def command(directory: Path, *words: str) -> list[str]:
    """A command line about a newsroom."""
    return [TIMELINE, "--newsroom", str(directory), *words]


def load(directory: Path, workload: Workload) -> Run:
    """`timeline import` into a new newsroom, as a process."""
    Newsroom.init(directory)
    return process(command(directory, "import", str(workload.path)))


def rebuild(directory: Path) -> Run | None:
    """`timeline rebuild` as a process: all projections from scratch; None if there is no such."""
    known = subprocess.run(command(directory, "rebuild", "--help"), capture_output=True)
    return process(command(directory, "rebuild")) if known.returncode == 0 else None


def sizes(directory: Path) -> tuple[int, int]:
    """The bytes of the log, and of what is derived from it."""
    log = sum(each.stat().st_size for each in directory.glob(LOG + "*"))
    files = (each for each in directory.rglob("*") if each.is_file())
    return log, sum(each.stat().st_size for each in files) - log


class Room:
    """An open newsroom that is asked and appended to in this process."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._newsroom = Newsroom.open(directory)
        self._append = Appender(self._newsroom, temporal.now)

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        self._newsroom.__exit__(*_)

    def head(self) -> int:
        return self._newsroom.store.head().position

    def append(self, drafts: Iterable[Mapping[str, Any]]) -> None:
        """All of them as one batch, validated and durable."""
        self._append.write(map(RawRecord, drafts))

    def ask(self, question: Question) -> dict[str, Any]:
        return self._newsroom.snapshot(
            question.entity, as_of=question.as_of, as_known=question.as_known
        )

    def diff(self, question: Question) -> dict[str, Any]:
        """What changed in the second half of what was known."""
        known = f"@{question.as_known // 2}..@{question.as_known}"
        return self._newsroom.diff(question.entity, as_of=question.as_of, as_known=known)

    def timed(self, questions: Sequence[Question], budget: float) -> tuple[list[float], list[Any]]:
        """The seconds of each, and the answers, until all are asked or `budget` is spent.

        The first is asked twice and counts the second time, unless that would take too long.
        """
        start = time.perf_counter()
        first = self.ask(questions[0])
        if (cold := time.perf_counter() - start) > budget:
            return [cold], [first]
        taken: list[float] = []
        answers: list[Any] = []
        for question in questions:
            start = time.perf_counter()
            answers.append(self.ask(question))
            taken.append(time.perf_counter() - start)
            if sum(taken) > budget:
                break
        return taken, answers


def held(answer: Mapping[str, Any]) -> dict[Statement, str]:
    """What an answer says, in the words of the peers."""
    return {
        Statement(
            entry["subject"],
            entry["property"],
            entry["value"],
            entry["qualifiers"].get("role", ""),
        ): entry["certainty"]
        for entry in answer["statements"]
    }
