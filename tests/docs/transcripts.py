"""The transcripts in the documentation: what they say is what the program says.

A transcript is a fenced `console` block, `$ timeline …` and what it prints, or a fenced `pycon`
block, `>>> …` and what it prints. All transcripts of a
page run in order, in one scratch newsroom that holds the shipped story and what was kept of it, on
one clock that stands still. `…` stands for any text in a line, and a line of only `…` for any
lines: for what differs from machine to machine.

    python -m tests.docs.transcripts        rewrites those that are out of date
"""

from __future__ import annotations

import doctest
import gc
import io
import re
import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree
from unittest import mock
from uuid import UUID

from timeline import temporal
from timeline.cli.program import run
from timeline.newsroom import append

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
STORY = ROOT / "events" / "qwen.jsonl"
KEPT = ROOT / "projections"

# The instant at which every transcript runs.
NOW = temporal.parse_instant("2026-11-24T09:00:00Z")
ENVIRONMENT = {"COLUMNS": "80", "TIMELINE_BY": "asia-desk", "TIMELINE_NEWSROOM": ".", "EDITOR": ""}

_BLOCK = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PIPED = re.compile(r"printf (?P<text>'[^']*'|\S+) \| (?P<command>.*)", re.DOTALL)


@dataclass(frozen=True)
class Transcript:
    """One command of a page, or one statement in Python, and what the page says it prints."""

    command: str
    said: str
    prompt: str = "$ "

    @property
    def line(self) -> str:
        """The command as a shell takes it."""
        return re.sub(r"\\\n\s*", "", self.command)


def transcripts(block: str) -> Iterator[Transcript]:
    """The commands of one `console` block."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = next(n for n, line in enumerate(lines, 1) if not line.endswith("\\"))
        said = "".join(f"{line}\n" for line in lines[length:])
        yield Transcript("\n".join(lines[:length]), said)


def statements(block: str) -> Iterator[Transcript]:
    """The statements of one `pycon` block."""
    for each in doctest.DocTestParser().get_examples(block):
        yield Transcript("\n... ".join(each.source.splitlines()), each.want, ">>> ")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Language and text of each fenced block of a page."""
    for found in _BLOCK.finditer(text):
        yield found["language"], found["text"]


class Scratch:
    """A scratch newsroom in which the commands of one page are run."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._ids = 0
        self._names: dict[str, object] = {}
        self.run("timeline init . --name demo")
        (directory / "events").mkdir(exist_ok=True)
        copy(STORY, directory / "events")
        copytree(KEPT, directory / "projections", dirs_exist_ok=True)
        self.run("timeline import events/qwen.jsonl")

    def declare(self, block: str) -> None:
        """Take in a `timeline.toml` that a page shows."""
        (self.directory / "timeline.toml").write_text(block, "utf-8")

    def run(self, line: str) -> str:
        """What a command prints, on both streams; `; echo $?` adds the exit code."""
        line, wants_code, _ = line.partition("; echo $?")
        given = b""
        if piped := _PIPED.fullmatch(line):
            (text,) = shlex.split(piped["text"])
            given, line = text.encode().decode("unicode_escape").encode(), piped["command"]
        program, *arguments = shlex.split(line)
        assert program == "timeline", line
        thresholds = gc.get_threshold()
        with (
            self._printing() as printed,
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given))),
            mock.patch.object(sys, "argv", ["timeline", *arguments]),
            mock.patch.object(signal, "signal"),
        ):
            try:
                run()
                code: object = 0
            except SystemExit as end:
                code = end.code or 0
            finally:
                gc.set_threshold(*thresholds)
        return _text(printed) + (f"{code}\n" if wants_code else "")

    def execute(self, statement: str) -> str:
        """What a statement in Python prints."""
        with self._printing() as printed:
            try:
                exec(compile(statement, "<page>", "single"), self._names)
            except Exception as error:
                print(f"{type(error).__name__}: {error}")
        return _text(printed)

    @contextmanager
    def _printing(self) -> Iterator[io.BytesIO]:
        """In the newsroom's directory, at one instant; what is printed is collected."""
        printed = io.BytesIO()
        stream = io.TextIOWrapper(printed, "utf-8", write_through=True)
        with (
            chdir(self.directory),
            redirect_stdout(stream),
            redirect_stderr(stream),
            mock.patch.object(temporal, "now", lambda: NOW),
            mock.patch.object(append, "uuid7", self._next_id),
            mock.patch.dict("os.environ", ENVIRONMENT),
        ):
            yield printed
        stream.detach()

    def _next_id(self, nanoseconds: int) -> UUID:
        """A UUIDv7 of that time, without chance."""
        self._ids += 1
        return UUID(int=(nanoseconds // 10**6 << 80) | (7 << 76) | (2 << 62) | self._ids)


def _text(printed: io.BytesIO) -> str:
    return "".join(f"{line.rstrip()}\n" for line in printed.getvalue().decode().splitlines())


def fits(said: str, printed: str) -> bool:
    """Whether a page says what a command prints, marks apart."""
    pattern = re.escape(said).replace(re.escape("…\n…"), "…")
    pattern = re.sub("^…\\\\?\n", "(?:.*\n)*?", pattern, flags=re.MULTILINE)
    return re.fullmatch(pattern.replace("…", ".*"), printed) is not None


def checked(page: str, directory: Path) -> Iterator[tuple[Transcript, str]]:
    """Each transcript of a page, and what its command prints."""
    scratch = Scratch(directory)
    for language, block in blocks(page):
        if language == "toml" and block.startswith("# timeline.toml\n"):
            scratch.declare(block)
        elif language == "console":
            for transcript in transcripts(block):
                yield transcript, scratch.run(transcript.line)
        elif language == "pycon":
            for transcript in statements(block):
                yield transcript, scratch.execute(transcript.command.replace("\n... ", "\n") + "\n")


def rewritten(page: str, directory: Path) -> str:
    """A page whose transcripts are up to date."""
    for transcript, printed in checked(page, directory):
        if not fits(transcript.said, printed):
            command = f"{transcript.prompt}{transcript.command}\n"
            page = page.replace(command + transcript.said, command + printed, 1)
    return page


def main() -> None:
    """Rewrite every page."""
    for path in PAGES:
        with tempfile.TemporaryDirectory() as directory:
            page = path.read_text("utf-8")
            path.write_text(rewritten(page, Path(directory)), "utf-8")


if __name__ == "__main__":
    main()
