"""The answers kept in `projections/`: each file, and the question that it answers.

python -m tests.story.kept        asks them all again, and keeps the answers
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECTIONS = ROOT / "projections"
STORY = ROOT / "events" / "qwen.jsonl"
QUESTIONS = dict(
    re.findall(
        r"^\| `([^`]+)` \| `timeline ([^`]+)` \|$", (PROJECTIONS / "README.md").read_text(), re.M
    )
)


def timeline(*arguments: str) -> bytes:
    """What a command prints; 1 as its exit code only says that there are findings."""
    command = [sys.executable, "-m", "timeline", *arguments]
    ran = subprocess.run(command, check=False, capture_output=True)
    assert ran.returncode in (0, 1), ran.stderr.decode()
    return ran.stdout


def newsroom_in(directory: Path) -> str:
    """A newsroom that holds the shipped story."""
    timeline("init", str(directory))
    timeline("--newsroom", str(directory), "import", str(STORY))
    return str(directory)


def asked(newsroom: str, file: str) -> bytes:
    """The answer to the question of a file."""
    return timeline("--newsroom", newsroom, *shlex.split(QUESTIONS[file]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        newsroom = newsroom_in(Path(scratch) / "newsroom")
        for file in QUESTIONS:
            (PROJECTIONS / file).write_bytes(asked(newsroom, file))
