"""What a test asks of a page: accessible, fits its window, and all of it by keyboard alone."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page

PHONE, DESK = 360, 1440
HEIGHTS = {PHONE: 740, DESK: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

_RUNS_SCRIPT = "() => matchMedia('(scripting: enabled)').matches"
_RUN_AXE = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
# What moves comes to rest before it is looked at; what moves for ever is not waited for.
_COME_TO_REST = """async () => {
  const ends = document.getAnimations()
    .filter(each => Number.isFinite(each.effect?.getComputedTiming().endTime))
    .map(each => each.finished.catch(() => null));
  await Promise.all(ends);
}"""
# The parts that reach beyond the window, but for those in a part that scrolls or cuts them off.
_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const kept = each => {
    for (let above = each.parentElement; above; above = above.parentElement)
      if (above !== document.body && above !== document.documentElement
          && getComputedStyle(above).overflowX !== 'visible') return true;
    return false;
  };
  const wide = [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > width + 0.5 && !kept(each))
    .map(each => `${each.outerHTML.slice(0, 120)} ends at ${each.getBoundingClientRect().right}`);
  return {
    scrolls: document.documentElement.scrollWidth > width, wide: wide.slice(0, 5), width,
    viewport: document.querySelector('meta[name=viewport]')?.content ?? '',
  };
}"""
_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return {html: at.outerHTML.slice(0, 160), seen: outlined || style.boxShadow !== 'none'};
}"""


def at_rest(page: Page) -> None:
    """Wait until nothing that will end is still moving or fading."""
    page.evaluate(_COME_TO_REST)


def axe(page: Page) -> None:
    """No accessibility rule of axe-core is violated, neither light nor dark; script must run."""
    assert page.evaluate(_RUNS_SCRIPT), "axe-core needs a visitor whose browser runs script"
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        at_rest(page)
        page.evaluate(AXE_SCRIPT)
        for violation in page.evaluate(_RUN_AXE):
            found += [_violation(scheme, violation, node) for node in violation["nodes"]]
    page.emulate_media(color_scheme="null")
    assert not found, f"{page.url}\n" + "\n".join(found)


def _violation(scheme: str, violation: dict[str, Any], node: dict[str, Any]) -> str:
    why = node["failureSummary"].replace("\n", " ")
    return f"{violation['id']}, {scheme}: {violation['help']}\n  {node['html'][:200]}\n  {why}"


def at_width(page: Page, width: int) -> None:
    """In a window of that many CSS pixels nothing has to be scrolled sideways.

    The window keeps that width afterwards. A phone also needs to be told to use its own width.
    """
    page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
    at_rest(page)
    found = page.evaluate(_WIDE)
    assert not found["scrolls"] and not found["wide"], (
        f"{page.url} is wider than {found['width']} pixels\n" + "\n".join(found["wide"])
    )
    assert "width=device-width" in found["viewport"], f"{page.url} has no viewport of its device"


def tab_to(page: Page, target: Locator, presses: int = 200) -> None:
    """Reach a part of the page with the tab key alone, seeing at each stop where one is."""
    target.wait_for()
    for _ in range(presses):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
        focus_is_seen(page)
    raise AssertionError(f"{page.url}: {target} is not reached in {presses} presses of the tab key")


def focus_is_seen(page: Page) -> None:
    """Whoever has the focus shows it, with an outline or a shadow."""
    focused = page.evaluate(_FOCUSED)
    assert focused is None or focused["seen"], f"{page.url}: focus is not seen: {focused['html']}"


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach a part of the page by keyboard, and press a key there."""
    tab_to(page, target)
    page.keyboard.press(key)


def fill(page: Page, target: Locator, text: str) -> None:
    """Reach a field by keyboard, and type in place of what it holds."""
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def stops(page: Page, presses: int = 200) -> list[str]:
    """The parts at which the tab key stops, in its order, each seen; ends where it comes round."""
    page.evaluate("() => document.activeElement?.blur()")
    found: list[str] = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        focus_is_seen(page)
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            return found
        found.append(focused["html"])
    raise AssertionError(f"{page.url}: more than {presses} stops, or a trap for the keyboard")
