"""The shipped story, published as a newsroom would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publishing.editions import all_of, page, published, text_of
from tests.running import inside
from timeline.newsroom.newsroom import Newsroom

STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("qwen") / "room"
    Newsroom.init(room)
    assert inside(room, "import", STORY).code == 0
    return room


def test_the_first_page_is_what_was_known_then(qwen: Path, tmp_path: Path) -> None:
    read = page(published(qwen, tmp_path / "out", story="qwen"))
    (basis, *_) = all_of(read, "p", "basis")
    assert text_of(basis) == (
        "As of 4 March 2026, 06:30:00 UTC; as known at @110 (2026-03-04 06:30, UTC), "
        "published as “first page”."
    )
    assert "Alibaba's chief executive accepts" not in text_of(read)


def test_its_corrections_since_are_those_of_the_difference(qwen: Path, tmp_path: Path) -> None:
    out = published(qwen, tmp_path / "out", "--as-known", "139", story="qwen")
    read = page(out, "corrections.html")
    told = [
        text_of(each) for found in all_of(read, "ul", "notices") for each in all_of(found, "li")
    ]
    asked = inside(
        qwen,
        "diff",
        "--as-known",
        "publication:first page..139",
        "--as-of",
        "2026-05",
        "--format",
        "json",
    )
    expected = [notice["text"] for notice in asked.json()["notices"]]
    assert sorted(told) == sorted(" ".join(text.split()) for text in expected)
    assert len(told) > 1
    dates = [text_of(each) for each in all_of(read, "h3")]
    assert dates[0].startswith("Decision between accounts, 2026-03-04")
