"""How fast a story of 10,000 events is drawn, and how smoothly it moves in Chromium.

    python -m tests.web.drawing_speed [--events N]

Times of the answer and its geometry are processor time of this process, the best of five. The
page is `tests/render/pages.py`: the drawing, the form, and a list with all events. Frames
are those that the browser presents while a script zooms in by the wheel, pans, and zooms out:
16.7 ms each is as fast as the screen.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import orjson
from playwright.sync_api import Page

from tests import views
from tests.render.pages import files_of
from tests.rooms import event, fill, memory_newsroom
from tests.web.chromium import launched
from tests.web.small_server import serving
from timeline.render.drawing.geometry_json import geometry_json
from timeline.render.drawing.svg import chronology_svg

_WORDS = ("ministry", "court", "port", "union", "strike", "report", "audit", "inquiry", "vote")
_FRAMES = """async ([down, along, times]) => {
  const canvas = document.querySelector('canvas');
  const box = canvas.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  const spent = [];
  let last = await frame();
  for (let n = 0; n < times; n += 1) {
    const turned = along * (n < times / 2 ? 1 : -1);
    canvas.dispatchEvent(new WheelEvent('wheel', {
      deltaY: down || turned, shiftKey: !down, ctrlKey: Boolean(down),
      bubbles: true, cancelable: true,
      clientX: box.left + box.width * 0.6, clientY: box.top + 100,
    }));
    const now = await frame();
    spent.push(now - last);
    last = now;
  }
  return spent.sort((one, other) => one - other);
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    count = parser.parse_args().events
    newsroom = memory_newsroom()
    fill(newsroom, *records(count))
    basis = newsroom.basis("2030", None)
    answer = views.chronology(newsroom, basis, "story")
    geometry = geometry_json(answer, "UTC")
    assert len(geometry["events"]["id"]) == count
    print(f"{count:,} events; {len(orjson.dumps(geometry)):,} bytes of geometry")
    _print("chronology", lambda: views.chronology(newsroom, basis, "story"))
    _print("geometry", lambda: geometry_json(answer, "UTC"))
    _print("SVG", lambda: chronology_svg(answer, "UTC"))
    with serving(files_of(answer)) as address, launched() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.locator("canvas").wait_for()
        _print_page(page)


def records(count: int) -> list[dict[str, Any]]:
    """Events of ten years, dated to the minute, day, month or year, or only about."""
    choose = random.Random(5)
    made: list[dict[str, Any]] = []
    for number in range(count):
        day = date(2016, 1, 1) + timedelta(days=int(3900 * choose.random() ** 0.6))
        forms = [f"{day}"] * 5 + [f"{day}T{choose.randint(10, 23)}:07Z"] * 2
        forms += [f"{day:%Y-%m}", f"{day}~", f"[{day}..{day + timedelta(days=20)}]"]
        when = f"{day:%Y}" if number % 50 == 0 else choose.choice(forms)
        headline = " ".join(choose.choices(_WORDS, k=choose.randint(4, 9))).capitalize()
        about = [f"entity-{choose.randint(0, 200)}"]
        made.append(event("happened", when, id=f"h{number}", about=about, headline=headline))
    amended = [
        {
            "story": "story",
            "type": "correction",
            "corrects": f"h{number}",
            "changes": {"headline": "Corrected headline"},
            "reason": "It was not so.",
        }
        for number in range(0, count, 30)
    ]
    conflicts = [
        {"story": "story", "type": "conflict", "between": [f"h{n}", f"h{n + 1}"], "reason": "r"}
        for n in range(0, count - 1, 200)
    ]
    return [*made, *amended, *conflicts]


def _print(name: str, work: Callable[[], object]) -> None:
    found = []
    for _ in range(5):
        since = time.process_time()
        work()
        found.append(time.process_time() - since)
    print(f"{name}: {min(found):.3f} s")


def _print_page(page: Page) -> None:
    painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    print(f"first contentful paint: {page.evaluate(painted):.0f} ms")
    for name, moves in (
        ("zoom in", [-40, 0, 150]),
        ("pan", [0, 15, 150]),
        ("zoom out", [40, 0, 150]),
    ):
        spent = page.evaluate(_FRAMES, moves)
        late = sum(each > 25 for each in spent)
        median, worst = spent[len(spent) // 2], spent[-1]
        print(f"{name}: {median:.1f} ms a frame, at worst {worst:.1f}; {late} of {len(spent)} late")


if __name__ == "__main__":
    main()
