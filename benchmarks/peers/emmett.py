"""Emmett with its SQLite store, in a process of Node.

npm installs it into a scratch directory. The newest version of its store for which the
version of Emmett that it asks for could be had is written down here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from benchmarks.effects import Statement
from benchmarks.peers.peer import HeldStatement, SkippedError, at
from benchmarks.streams import Inbox, needed, told
from benchmarks.workload import Question

VERSION = "0.38.5"
_PACKAGES = (
    f"@event-driven-io/emmett@{VERSION}",
    f"@event-driven-io/emmett-sqlite@{VERSION}",
    "sqlite3@5.1.7",
)
_PATIENCE = 600
_ANSWER = "answer "


class Emmett:
    """Streams of stories for appends, and of the entities asked about for questions."""

    name = f"Emmett {VERSION}, read and fold"
    vague = False

    def __init__(self, directory: Path, entities: Collection[str]):
        modules = _installed(directory / "node")
        self._entities = entities
        self._path = directory / "emmett.sqlite"
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_suffix(".mjs")), str(modules), str(self._path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.seconds = 0.0

    def load(self, path: Path) -> None:
        streams: dict[str, list[Inbox]] = {}
        for each in told(path, needed(path, self._entities)):
            streams.setdefault(each.entity, []).append(each)
        lines = self._path.with_suffix(".jsonl")
        with lines.open("w") as file:
            for stream in streams.values():
                file.writelines(json.dumps(each) + "\n" for each in stream)
        self._call("load", path=str(lines))
        lines.unlink()

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Records of one story as one transaction; `seconds` tells how long it took in Node."""
        self._call("append", stream=records[0]["story"], records=records)

    def ask(self, question: Question) -> HeldStatement:
        """What holds; `seconds` tells how long it took in Node."""
        found = self._call(
            "ask", entity=question.entity, known=question.as_known, at=at(question) // 1000
        )
        return {Statement(*each): "certain" for each in found}

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _call(self, command: str, **given: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self._process.stdin.flush()
        lines = iter(self._process.stdout.readline, "")
        said = next((line for line in lines if line.startswith(_ANSWER)), None)
        if said is None:
            raise SkippedError("Emmett's process ended")
        answer = json.loads(said.removeprefix(_ANSWER))
        if "error" in answer:
            raise SkippedError(f"Emmett says: {answer['error'][:200]}")
        self.seconds = answer["milliseconds"] / 1000
        return answer.get("found")


def _installed(directory: Path) -> Path:
    """A directory with the packages in it.

    Raises:
        SkippedError: there is no Node or npm, or it cannot be installed.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SkippedError(f"there is no `{program}`")
    directory.mkdir()
    (directory / "package.json").write_text('{"private": true}')
    words = ["npm", "install", "--no-audit", "--no-fund", *_PACKAGES]
    try:
        done = subprocess.run(
            words, cwd=directory, capture_output=True, text=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise SkippedError(f"npm took more than {_PATIENCE} seconds") from None
    if done.returncode:
        raise SkippedError(f"npm could not install it: {done.stderr.strip()[-200:]}")
    return directory
