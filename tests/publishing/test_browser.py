"""The published pages in a browser: on a phone and a desk, in a frame, from disk and a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tests.examples import some
from tests.publishing.editions import PAGES, filled, published
from tests.publishing.test_harmless import HOSTILE, hostile
from tests.running import inside
from timeline.newsroom.newsroom import Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.complaints import Complaints
    from tests.web.visitors import Visitors

ARTICLE = "<!doctype html><html lang='en'><link rel='icon' href='data:,'><title>Article</title>"
STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("qwen")
    Newsroom.init(directory / "room")
    assert inside(directory / "room", "import", STORY).code == 0
    return published(directory / "room", directory / "out", "--as-known", "139", story="qwen")


@pytest.fixture(scope="module")
def site(qwen: Path) -> Iterator[str]:
    """The address of the files on a server that knows nothing of them."""
    from tests.publishing.site import serving

    snippet = (qwen / "embed.txt").read_text("utf-8")
    article = qwen.parent / "article"
    copytree(qwen, article)
    (article / "article.html").write_text(f"{ARTICLE}{snippet}", "utf-8")
    with serving(article) as address:
        yield address


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_light_and_dark_and_fits(page: Page, site: str, name: str) -> None:
    from tests.web.browsing import DESK, PHONE, at_width, axe

    page.goto(f"{site}/{name}")
    for width in some((PHONE, DESK)):
        at_width(page, width)
        axe(page)


def test_the_keyboard_skips_to_the_list_and_reaches_the_corrections(page: Page, site: str) -> None:
    from tests.web.browsing import press

    page.goto(f"{site}/index.html")
    press(page, page.get_by_text("Skip to what happened"))
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"{site}/index.html")
    press(page, page.get_by_role("link", name="Corrections (1)"))
    page.wait_for_url("**/corrections.html")


def test_a_page_looks_the_same_from_a_disk(page: Page, qwen: Path, site: str) -> None:
    page.goto((qwen / "index.html").as_uri())
    width = "getComputedStyle(document.body).maxWidth"
    assert page.evaluate(width) == "992px"


def test_in_an_article_the_frame_shows_the_story_and_its_links_open_beside(
    page: Page, complaints: Complaints, site: str
) -> None:
    from playwright.sync_api import expect

    # What the driver looks with is a script, too.
    complaints.expect("Blocked script execution in '.*/embed.html'")
    page.goto(f"{site}/article.html")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Qwen")).to_be_visible()
    assert (
        frame.locator("ol.chronology").evaluate("each => getComputedStyle(each).listStyleType")
        == "none"
    )
    expect(page.get_by_role("link", name="Qwen", exact=True)).to_be_visible()
    with page.expect_popup() as opened:
        frame.get_by_role("heading", name="Qwen").get_by_role("link").click()
    assert opened.value.url.endswith("/index.html")


def test_hostile_text_runs_nothing(visitors: Visitors, tmp_path: Path) -> None:
    records = [each for number, text in enumerate(HOSTILE) for each in hostile(number, text)]
    room = filled(tmp_path / "room", *records)
    out = published(room, tmp_path / "out", "--as-known", len(records))
    page = visitors.new()
    for name in PAGES:
        page.goto((out / name).as_uri())
        assert page.locator("body *").count() > 50
