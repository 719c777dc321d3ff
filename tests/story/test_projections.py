"""`projections/` is what follows from `events/`: rebuilt from scratch, it has the same bytes."""

from __future__ import annotations

import pytest

from tests.running import records_of
from tests.story.kept import PROJECTIONS, QUESTIONS, STORY, asked, newsroom_in, timeline


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    return newsroom_in(tmp_path_factory.mktemp("story") / "newsroom")


def test_every_file_has_its_question():
    files = {str(path.relative_to(PROJECTIONS)) for path in PROJECTIONS.glob("*/*")}
    assert files == QUESTIONS.keys()


@pytest.mark.parametrize("file", QUESTIONS)
def test_asking_again_gives_the_same_bytes(newsroom, file):
    assert asked(newsroom, file) == (PROJECTIONS / file).read_bytes()


def test_the_audit_finds_every_kept_answer_as_it_was(newsroom):
    said = timeline("--newsroom", newsroom, "replay", "--assert", str(PROJECTIONS)).decode()
    assert "rewritten" not in said.lower()


def test_the_shipped_story_is_in_canonical_form(newsroom):
    """Exporting what was imported gives the file itself."""
    exported = timeline("--newsroom", newsroom, "export").decode()
    assert records_of(exported) == STORY.read_text("utf-8")
