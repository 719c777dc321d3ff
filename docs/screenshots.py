"""Takes the pictures of the pages that the README shows.

    python -m docs.screenshots          in the root of the repository

It serves the shipped story from a scratch newsroom and looks at it with the Chromium of the
system, at fixed points of both clocks, so that the same pages give the same pictures wherever
the fonts are the same: they are made on Debian with fonts-noto-core and fonts-noto-cjk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tests.running import timeline

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = Path(__file__).parent / "pictures"

WIDTH = 1200

# Keys that lead from the whole story to the days in March.
CLOSER, BACK = 13, 1

# As many as a picture of a page needs: text is drawn in shades of few colours.
COLOURS = 128

TIMES = "as_of=2026-03-10&as_known=213"


class Picture(NamedTuple):
    """A page to be looked at: its path, or None for the page that is published."""

    name: str
    path: str | None
    height: int
    scheme: Literal["light", "dark"] = "light"


NOON = "/entity/lin-junyang?as_of=2026-03-03T12:00&as_known=213"

ALL = (
    Picture("entity", NOON, 850),
    Picture("entity-dark", NOON, 850, "dark"),
    Picture("story", f"/story/qwen?{TIMES}", 860),
    Picture("why", "/why/lin-junyang?as_of=2026-03-03&as_known=213", 900),
    Picture("published", None, 800),
)


def taken(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Each picture, as PNG, by its name; what is served and published is put in a directory."""
    from tests.web.chromium import launched
    from tests.web.serving import make_story_room, serving

    room, site = directory / "asia-desk", directory / "site"
    make_story_room(room)
    options = ("--as-of", "2026-03-10", "--as-known", "213")
    done = timeline(room, "publish", "qwen", site, *options)
    assert done.code == 0, done.err
    with serving(room) as service, launched() as browser:
        cookie = service.cookie(service.token("editor", "Ada Lovelace"))
        for picture in ALL:
            context = browser.new_context(
                base_url=service.address,
                color_scheme=picture.scheme,
                locale="en-GB",
                timezone_id="UTC",
                viewport={"width": WIDTH, "height": picture.height},
            )
            context.add_cookies([{**cookie._asdict(), "url": service.address}])
            page = context.new_page()
            page.goto(picture.path or (site / "index.html").as_uri())
            page.wait_for_load_state("networkidle")
            if picture.name == "story":
                _look_closer(page)
            yield picture.name, page.screenshot(animations="disabled")
            context.close()


def _look_closer(page: Page) -> None:
    """Show the days in which Lin Junyang left, by the keys of the drawing."""
    page.get_by_label("Entity").select_option("lin-junyang")
    page.locator("canvas").focus()
    for key in ("End", *["+"] * CLOSER, *["ArrowLeft"] * BACK, "Escape"):
        page.keyboard.press(key)
    page.locator("canvas").blur()
    # It glides there, and says where it is once it has come to rest.
    page.wait_for_timeout(1000)


def small(png: bytes) -> bytes:
    """The same picture in fewer colours, which takes a third of the room."""
    from PIL import Image

    made = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    """Take every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        for name, png in taken(Path(directory)):
            (PICTURES / f"{name}.png").write_bytes(small(png))


if __name__ == "__main__":
    main()
