"""TimelineJS itself loads what is published for it, and draws each event in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from tests.publishing.editions import filled, json_file, published
from tests.publishing.site import serving
from tests.publishing.test_harmless import HOSTILE, hostile
from tests.rooms import event
from tests.running import inside
from timeline.newsroom.newsroom import Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.visitors import Visitors

STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"
TIMELINE_JS = Path(__file__).parent / "timelinejs"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>TimelineJS</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="tl/css/timeline.css">
<div id="story" style="height: 600px"></div><script src="tl/js/timeline.js"></script>
<script>
const options = {font: null, script_path: 'tl/js/', hash_bookmark: false};
window.shown = new TL.Timeline('story', 'timelinejs.json', options);
</script>"""

Show = Callable[[Path], "Page"]


@pytest.fixture
def show(visitors: Visitors) -> Iterator[Show]:
    """Opens TimelineJS on what is published in a directory, once it has drawn it."""
    with ExitStack() as stack:

        def opened(directory: Path) -> Page:
            copytree(TIMELINE_JS, directory / "tl")
            (directory / "timelinejs.html").write_text(PAGE, "utf-8")
            address = stack.enter_context(serving(directory))
            page = visitors.new()
            page.goto(f"{address}/timelinejs.html")
            page.wait_for_selector(".tl-timemarker", state="attached")
            page.wait_for_function("window.shown && window.shown.ready")
            return page

        yield opened


def errors(page: Page) -> Any:
    return page.evaluate("window.shown.config.getErrors()")


def test_the_shipped_story_is_drawn_whole_in_our_words(show: Show, tmp_path: Path) -> None:
    room = tmp_path / "room"
    Newsroom.init(room)
    assert inside(room, "import", STORY).code == 0
    out = published(room, tmp_path / "out", "--as-known", "139", story="qwen")
    told = json_file(out, "timelinejs.json")["events"]
    page = show(out)
    assert errors(page) == []
    assert page.locator(".tl-timemarker").count() == len(told) > 100
    for shown in (told[0], told[-1]):
        page.evaluate("id => window.shown.goToId(id)", shown["unique_id"])
        slide = page.locator(f"[id='{shown['unique_id']}']")
        assert slide.locator(".tl-headline-date").first.inner_text() == shown["display_date"]
        assert slide.locator("blockquote").count() > 0


def test_dates_of_every_kind_are_drawn(show: Show, tmp_path: Path) -> None:
    dates = [
        "2026", "202X", "1984~", "2026-22", "[2026-03-01..2026-03-04]", "[2026-03-01..]",
        "[..2026-03-04]", "2026-01/2026-03", "2026-03-04T00:11+08:00", "-0043", "0079",
        "{2026,2027}",
    ]  # fmt: skip
    room = filled(tmp_path / "room", *(event("happened", each, about=["lab"]) for each in dates))
    page = show(published(room, tmp_path / "out"))
    assert errors(page) == []
    assert page.locator(".tl-timemarker").count() == len(dates)


def test_hostile_text_runs_nothing_there_either(show: Show, tmp_path: Path) -> None:
    records = [each for number, text in enumerate(HOSTILE) for each in hostile(number, text)]
    room = filled(tmp_path / "room", *records)
    page = show(published(room, tmp_path / "out", "--as-known", len(records)))
    assert errors(page) == []
    assert page.locator("#story script, #story [onerror], #story img[src*=evil]").count() == 0
