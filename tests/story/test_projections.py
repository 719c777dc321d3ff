"""`projections/` is what follows from `events/`: rebuilt from scratch, it has the same bytes."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECTIONS = ROOT / "projections"
QUESTIONS = dict(
    re.findall(
        r"^\| `([^`]+)` \| `timeline ([^`]+)` \|$", (PROJECTIONS / "README.md").read_text(), re.M
    )
)


def timeline(*arguments):
    command = [sys.executable, "-m", "timeline", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    directory = str(tmp_path_factory.mktemp("story") / "newsroom")
    timeline("init", directory)
    timeline("--newsroom", directory, "import", str(ROOT / "events" / "qwen.jsonl"))
    return directory


def test_every_file_has_its_question():
    files = {str(path.relative_to(PROJECTIONS)) for path in PROJECTIONS.glob("*/*")}
    assert files == QUESTIONS.keys()


@pytest.mark.parametrize("file", QUESTIONS)
def test_asking_again_gives_the_same_bytes(newsroom, file):
    answer = timeline("--newsroom", newsroom, *shlex.split(QUESTIONS[file]))
    assert answer == (PROJECTIONS / file).read_bytes()


def test_the_shipped_story_is_in_canonical_form(newsroom):
    """Exporting what was imported gives the file itself."""
    exported = timeline("--newsroom", newsroom, "export")
    assert exported == (ROOT / "events" / "qwen.jsonl").read_bytes()
