"""The map of an entity: whoever moves the crosshair sees at once what held then, as known then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import views
from tests.examples import some
from tests.web.browsing import DESK, PHONE, at_width, axe, press, tab_to
from timeline.newsroom.newsroom import Newsroom
from timeline.web.pages.grouping import statement_key

# The day after which Lin Junyang's departure was known, and the noon that it was about.
NOON = "as_of=2026-03-03T12:00&as_known=113"

# What the list shows now, and whether that has been asked of the server since.
SHOWN = """() => Object.fromEntries(
  [...document.querySelectorAll("#state li[data-statement]")]
    .filter(each => !each.hidden && !each.closest("section").hidden)
    .map(each => [each.dataset.statement, each.dataset.certainty]))"""

# Moves a slider by so many steps, and gives what is shown two frames later and how many
# requests that took.
MOVED = """async ([slider, steps]) => {
  const since = performance.now();
  const asked = () =>
    performance.getEntriesByType("resource").filter(each => each.startTime > since).length;
  const input = document.querySelector(`input.${slider}`);
  input.value = Number(input.value) + steps;
  input.dispatchEvent(new Event("input"));
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return [(%s)(), asked()];
}"""


@pytest.fixture(scope="module")
def newsroom(service) -> Iterator[Newsroom]:
    with Newsroom.open(service.room) as found:
        yield found


def open_map(page: Page, path: str) -> None:
    page.goto(path)
    page.locator(".map-body").wait_for()


def times(page: Page) -> tuple[str, str]:
    query = parse_qs(urlsplit(page.url).query)
    return query["as_of"][0], query["as_known"][0]


def snapshot(newsroom: Newsroom, entity: str, as_of: str, as_known: str) -> dict[str, str]:
    answer = views.snapshot(newsroom, entity, newsroom.basis(as_of, as_known))
    return {statement_key(each): each["certainty"] for each in answer["statements"]}


@contextmanager
def rested(page: Page) -> Iterator[None]:
    """What is done leads to a state that the server has been asked for."""
    with page.expect_response(lambda response: "/entity/" in response.url):
        yield
    expect(page.locator("#state")).not_to_have_attribute("data-stale", "")


@pytest.mark.parametrize("slider, steps", [("valid", -30), ("valid", 15), ("known", -5)])
def test_a_slider_shows_at_once_what_held_without_asking_the_server(
    reader, newsroom, slider, steps
):
    open_map(reader, "/entity/alibaba?as_of=2026-03-10&as_known=213")
    before = reader.evaluate(SHOWN)
    shown, requests = reader.evaluate(MOVED % SHOWN, [slider, steps])
    assert requests == 0
    assert times(reader) != ("2026-03-10", "213")
    assert shown == snapshot(newsroom, "alibaba", *times(reader))
    assert shown != before


def test_where_the_crosshair_rests_the_page_says_all_that_the_server_says(reader, newsroom):
    open_map(reader, "/entity/alibaba?as_of=2026-03-10&as_known=213")
    with rested(reader):
        reader.evaluate(MOVED % SHOWN, ["valid", -30])
    as_of, as_known = times(reader)
    answer = views.snapshot(newsroom, "alibaba", newsroom.basis(as_of, as_known))
    expect(reader.locator("#state .permalink code")).to_have_text(answer["digest"])
    link = reader.get_by_role("link", name="Permalink to this answer").get_attribute("href")
    query = parse_qs(urlsplit(link).query)
    assert (query["as_of"], query["as_known"]) == ([as_of], [as_known])
    assert query["digest"] == [answer["digest"]]
    reader.reload()
    assert reader.evaluate(SHOWN) == snapshot(newsroom, "alibaba", as_of, as_known)


def test_what_is_possible_says_so_and_what_holds_no_more_goes(reader):
    open_map(reader, f"/entity/lin-junyang?{NOON}")
    entry = reader.locator("#state li[data-statement]")
    expect(entry).to_contain_text("possibly")
    reader.evaluate(MOVED % SHOWN, ["known", -1])
    expect(entry).to_have_attribute("data-certainty", "certain")
    expect(entry.locator(".word")).to_have_text("")
    with rested(reader):
        reader.evaluate(MOVED % SHOWN, ["known", -100])
    expect(reader.get_by_text("No statement holds.")).to_be_visible()


def test_by_keyboard_alone_both_times_move_and_are_said_in_words(reader):
    open_map(reader, "/entity/lin-junyang?as_of=2026-03-04&as_known=113")
    valid, known = reader.locator("input.valid"), reader.locator("input.known")
    tab_to(reader, known)
    expect(known).to_have_attribute("aria-valuetext", "@113, recorded 4 Mar 2026, 23:00")
    reader.keyboard.press("ArrowDown")
    expect(known).to_have_attribute("aria-valuetext", "@71, recorded 3 Mar 2026, 23:02")
    press(reader, valid, "ArrowLeft")
    with rested(reader):
        reader.keyboard.press("ArrowLeft")
    said = reader.locator("[data-part=said]")
    expect(said).to_contain_text("as known at @")
    expect(said).to_contain_text("1 certain, 0 possible")


def test_a_press_on_the_map_asks_about_both_times(reader, newsroom):
    open_map(reader, f"/entity/lin-junyang?{NOON}")
    box = reader.locator("[data-part=large]").bounding_box()
    reader.mouse.click(box["x"] + box["width"] * 0.95, box["y"] + box["height"] * 0.95)
    expect(reader.locator("[data-part=verdict]")).to_have_text("not true")
    assert times(reader)[1] == "@0"
    reader.mouse.click(box["x"] + box["width"] * 0.95, box["y"] + box["height"] * 0.75)
    expect(reader.locator("[data-part=verdict]")).to_have_text("certain")
    assert reader.evaluate(SHOWN) == snapshot(newsroom, "lin-junyang", *times(reader))


def test_one_may_look_closer_and_choose_what_the_large_map_shows(reader):
    open_map(reader, f"/entity/qwen-team?{NOON}")
    days = "input => input.max - input.min"
    valid = reader.locator("input.valid")
    whole = valid.evaluate(days)
    for _ in range(3):
        reader.get_by_role("button", name="Zoom in").click()
    assert valid.evaluate(days) < whole / 2
    reader.get_by_role("button", name="Show all").click()
    assert valid.evaluate(days) == whole
    reader.get_by_role("radio", name="Alibaba certain").check()
    expect(reader.locator("[data-part=title]")).to_have_text("Qwen team part-of Alibaba")
    rows = reader.locator(".row:visible")
    few = rows.count()
    reader.get_by_role("button", name="Show 47 more under Products").click()
    assert rows.count() > few + 40


@pytest.mark.parametrize("path", [f"/entity/qwen-team?{NOON}", f"/chart/alibaba?{NOON}"])
@pytest.mark.parametrize("width", some([PHONE, DESK]))
def test_it_is_accessible_and_fits(reader, path, width):
    reader.goto(path)
    if "entity" in path:
        reader.locator(".map-body").wait_for()
    at_width(reader, width)
    axe(reader)


def test_without_script_there_are_the_list_and_the_form(visitors, service, reader_cookie):
    page = visitors.new(service.address, reader_cookie, java_script_enabled=False)
    page.goto(f"/entity/lin-junyang?{NOON}")
    expect(page.locator("section.map")).to_be_hidden()
    expect(page.locator("#state li[data-statement]")).to_contain_text("possibly")
    expect(page.get_by_role("button", name="Show")).to_be_visible()


def test_the_key_of_a_statement_is_the_same_in_the_browser(reader):
    reader.goto("/")
    entry = {
        "subject": "a\u2028\"\\<b>", "property": "größe", "value": 5.0,
        "qualifiers": {"z": "1", "10": "x", "9": "y", "ä": "\x7f"},
    }  # fmt: skip
    script = "async each => (await import('/static/map/areas.js')).keyOf(JSON.parse(each))"
    assert reader.evaluate(script, json.dumps(entry)) == statement_key(entry)
