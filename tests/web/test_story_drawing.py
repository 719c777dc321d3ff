"""A chronology that can be zoomed, in a browser: by wheel, by drag and by keys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.examples import some
from tests.render.answers import answer, day, entry, of_day
from tests.render.pages import files_of
from tests.web.browsing import DESK, PHONE, at_width, axe, tab_to
from tests.web.complaints import Complaints
from tests.web.serving import Cookie, Service
from tests.web.small_server import serving
from tests.web.visitors import Visitors
from timeline.render.drawing.axis import ticks

KEPT = Path(__file__).parents[2] / "projections/qwen/chronology.json"
DAY = 86_400_000_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(files_of(json.loads(KEPT.read_text("utf-8")), "Asia/Shanghai")) as found:
        yield found


@pytest.fixture
def story(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("canvas").wait_for()
    return page


def status(page: Page):
    return page.get_by_role("status")


def colours(page: Page) -> int:
    """How many colours there are on the canvas: one, if nothing is drawn."""
    script = """canvas => {
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    return page.locator("canvas").evaluate(script)


def test_without_script_the_picture_is_there(page_without_script: Page, address: str):
    page_without_script.goto(address)
    assert page_without_script.locator("svg[role=img]").is_visible()
    assert page_without_script.locator("canvas").count() == 0


def test_where_the_geometry_is_not_to_be_had_the_picture_stays(page: Page, complaints: Complaints):
    files = files_of(answer(of_day("a", "2026-03-04")))
    del files["/drawing"]
    with serving(files) as address:
        complaints.expect("refused request: GET 404")
        complaints.expect("console error: Failed to load resource")
        page.goto(address)
        expect(page.locator("figure")).to_have_class(re.compile("still"))
        assert page.locator("svg[role=img]").is_visible()


def test_it_says_which_time_it_shows_and_how_much_is_in_it(story: Page):
    expect(status(story)).to_have_text("From 9 July 2023 to 5 December 2026: 124 events.")
    assert colours(story) > 20


def turn(story: Page, amount: int, times: int = 1) -> None:
    """Turn the wheel with the control key, as a pinch on a touchpad does."""
    story.keyboard.down("Control")
    for _ in range(times):
        story.mouse.wheel(0, amount)
    story.keyboard.up("Control")


def test_the_wheel_zooms_to_where_it_is_and_back(story: Page):
    whole = "From 9 July 2023 to 5 December 2026: 124 events."
    expect(status(story)).to_have_text(whole)
    story.locator("canvas").hover(position={"x": 300, "y": 80})
    turn(story, -150, 4)
    expect(status(story)).not_to_have_text(whole)
    turn(story, 150, 8)
    expect(status(story)).to_have_text(whole)


def test_the_wheel_alone_does_not_zoom(story: Page):
    whole = "From 9 July 2023 to 5 December 2026: 124 events."
    story.locator("canvas").hover(position={"x": 300, "y": 80})
    for amount in (-400, 400, -400):
        story.mouse.wheel(0, amount)
        expect(status(story)).to_have_text(whole)


def test_however_far_the_wheel_zooms_there_is_an_event_to_see(story: Page):
    canvas = story.locator("canvas")
    for across in (120, 500):
        canvas.hover(position={"x": across, "y": 80})
        turn(story, -400, 30)
        expect(status(story)).not_to_contain_text("124 events")
        expect(status(story)).not_to_contain_text(": 0 events")
        expect(status(story)).not_to_contain_text("no event")
        turn(story, 400, 30)


def test_a_drag_moves_through_time(story: Page):
    story.locator("canvas").hover(position={"x": 300, "y": 80})
    turn(story, -400)
    expect(status(story)).not_to_contain_text("124 events")
    before = status(story).inner_text()
    story.mouse.down()
    story.mouse.move(500, 300, steps=4)
    story.mouse.up()
    expect(status(story)).not_to_have_text(before)


def test_all_of_it_is_done_by_keys(story: Page):
    canvas = story.locator("canvas")
    tab_to(story, canvas)
    story.keyboard.press("Home")
    expect(status(story)).to_contain_text("Qwen team releases Qwen-7B and Qwen-7B-Chat")
    expect(status(story)).to_contain_text("3 August 2023, Beijing time")
    story.keyboard.press("ArrowDown")
    expect(status(story)).to_contain_text("4-bit Qwen-7B-Chat")
    expect(story.locator("li.focused")).to_have_attribute("data-id", "qwen-7b-chat-int4-released")
    for _ in range(6):
        story.keyboard.press("+")
    expect(status(story)).not_to_contain_text("124 events")
    near = status(story).inner_text()
    story.keyboard.press("ArrowRight")
    expect(status(story)).not_to_have_text(near)
    story.keyboard.press("0")
    expect(status(story)).to_contain_text("124 events")
    story.keyboard.press("End")
    expect(status(story)).to_contain_text("Qwen3.6-35B-A3B ships")
    story.keyboard.press("Enter")
    expect(story).to_have_url(re.compile("/123$"))


def test_what_is_in_another_part_of_the_list_is_opened_all_the_same(page: Page):
    asked = answer(of_day("a", "2026-03-04"), of_day("b/c d", "2026-03-05"))
    files = files_of(asked, listed=1)
    files["/by-id?id=b%2Fc%20d"] = files["/0"]
    with serving(files) as address:
        page.goto(address)
        tab_to(page, page.locator("canvas"))
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}/by-id?id=b%2Fc%20d")


def test_the_form_filters_the_drawing_and_the_list(story: Page):
    story.get_by_label("Text").fill("lin junyang")
    shown = story.locator("li[data-id]:visible")
    expect(status(story)).to_contain_text("chosen")
    count = shown.count()
    assert 0 < count < 40
    expect(status(story)).to_contain_text(f"of {count} chosen")
    story.get_by_label("Text").fill("")
    expect(shown).to_have_count(124)
    story.get_by_label("only corrected").check()
    marked = [
        each["id"]
        for each in json.loads(KEPT.read_text("utf-8"))["events"]
        if "corrections" in each
    ]
    expect(shown).to_have_count(len(marked))
    expect(story.locator("li.group:visible")).to_have_count(len(marked))
    story.get_by_label("only corrected").uncheck()
    story.get_by_label("Standing").select_option("confirmed")
    expect(shown).not_to_have_count(124)


def test_what_is_pointed_at_in_the_drawing_is_lit_in_the_list_and_the_other_way(story: Page):
    story.locator("canvas").scroll_into_view_if_needed()
    story.get_by_label("Text").fill("Qwen-7B and Qwen-7B-Chat")
    expect(story.locator("li[data-id]:visible")).to_have_count(1)
    expect(status(story)).to_contain_text("1 event, of 1 chosen")
    story.locator("canvas").hover(position={"x": 60, "y": 45})
    expect(story.locator("li.lit")).to_have_attribute("data-id", "qwen-7b-released")
    expect(story.locator(".chronology-tip")).to_contain_text("3 August 2023")
    story.locator("li[data-id]:visible").hover()
    expect(story.locator("li.lit")).to_have_count(1)
    expect(story.locator(".chronology-tip")).to_be_hidden()


def test_it_is_accessible_and_fits_a_phone(story: Page):
    axe(story)
    for width in (PHONE, DESK):
        at_width(story, width)


def test_two_fingers_zoom(visitors: Visitors, address: str):
    page = visitors.new(has_touch=True)
    page.goto(address)
    page.locator("canvas").wait_for()
    expect(status(page)).to_contain_text("124 events")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    y = box["y"] + 60
    for kind, apart in (("touchStart", 40), ("touchMove", 120), ("touchMove", 400)):
        points = [{"x": box["x"] + 500 + side * apart, "y": y, "id": side} for side in (0, 1)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(status(page)).not_to_contain_text("124 events")


def test_colours_follow_the_scheme_of_the_page(story: Page, complaints: Complaints):
    # The test reads the canvas again and again; the page never does.
    complaints.expect("willReadFrequently")
    corner = "canvas => [...canvas.getContext('2d').getImageData(2, 60, 1, 1).data.slice(0, 3)]"
    light = story.locator("canvas").evaluate(corner)
    story.emulate_media(color_scheme="dark")
    story.wait_for_function(
        f"([before]) => String(({corner})(document.querySelector('canvas'))) !== before",
        arg=[",".join(map(str, light))],
    )


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "‮\u0000😀 ﷽ Ṱ̺̺̕o͞"])
def test_text_that_anybody_recorded_is_only_text(page: Page, text: str):
    asked = answer(
        of_day("a", "2026-03-04", headline=text, tags=[text], entities=["x"]),
        entry(text, None, None, headline=text, standing="disputed", certainty="possible"),
    )
    with serving(files_of(asked)) as address:
        page.goto(address)
        expect(status(page)).to_contain_text("2 events")
        page.locator("canvas").hover(position={"x": 20, "y": 45})
        assert page.locator("img").count() == 0


def test_times_far_apart_are_drawn_to_the_minute(page: Page):
    asked = answer(
        entry("ides", -63_517_132_800_000_000, -63_517_046_400_000_000, headline="Ides of March"),
        of_day("now", "2026-03-04"),
        entry("far", 315_569_520_000_000_000, 315_569_606_400_000_000, headline="Far"),
    )
    with serving(files_of(asked)) as address:
        page.goto(address)
        tab_to(page, page.locator("canvas"))
        expect(status(page)).to_contain_text("3 events")
        page.keyboard.press("Home")
        page.emulate_media(reduced_motion="reduce")
        for _ in range(40):
            page.keyboard.press("+")
        expect(status(page)).to_contain_text("1 event")
        expect(status(page)).to_contain_text("BCE")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_axis_is_that_of_the_picture(story: Page, zone: str):
    windows = [
        (day("2026-03-04") + shift, day("2026-03-04") + shift + length)
        for shift in (0, 4 * DAY, 242 * DAY, -3000 * 366 * DAY, 9000 * 366 * DAY)
        for length in (40_000_000, DAY // 3, 9 * DAY, 200 * DAY, 4000 * DAY, 900_000 * DAY)
    ]
    script = """async ([windows, zone]) => {
      const time = await import('/static/story/time.js');
      const clock = new time.Zone(zone);
      const found = ([start, end]) => time.ticks(start / 1000, end / 1000, 8, clock);
      return windows.map(window => found(window).map(each => [each.label, each.major]));
    }"""
    found = story.evaluate(script, [windows, zone])
    for window, labels in zip(windows, found, strict=True):
        expected = [[tick.label, tick.major] for tick in ticks(*window, 8, zone)]
        assert labels == expected, window


def test_rows_are_packed_so_that_nothing_overlaps_at_any_scale(story: Page):
    script = """async () => {
      const { Geometry } = await import('/static/story/geometry.js');
      const { pack } = await import('/static/story/rows.js');
      const geometry = new Geometry(await (await fetch('/drawing')).json());
      const numbers = geometry.ids.map((_, number) => number);
      const overlaps = [];
      for (const pixels of [300, 1000, 40000, 2000000]) {
        const scale = pixels / (geometry.end - geometry.start);
        const { rows, count } = pack(geometry, numbers, scale, 1000, () => 150);
        const taken = new Map();
        for (const number of numbers) {
          const first = Math.max(geometry.earliest[number], geometry.start);
          const left = (first - geometry.start) * scale;
          const band = (Math.min(geometry.last[number], geometry.end) - geometry.start) * scale;
          if (!(rows[number] >= 0 && rows[number] < count)) overlaps.push([pixels, number]);
          const row = taken.get(rows[number]) ?? [];
          if (row.some(([from, to]) => left < to && from < Math.max(band, left + 150)))
            overlaps.push([pixels, number]);
          row.push([left, Math.max(band, left + 150)]);
          taken.set(rows[number], row);
        }
        for (const group of geometry.rivals) {
          const own = group.map(number => rows[number]).sort((one, other) => one - other);
          if (own.at(-1) - own[0] !== own.length - 1) overlaps.push([pixels, group]);
        }
      }
      return overlaps;
    }"""
    assert story.evaluate(script) == []


@pytest.mark.parametrize("path", some(["/story/qwen", "/chronology/lin-junyang"]))
def test_the_page_of_a_story_can_be_zoomed_and_is_accessible(reader: Page, path: str):
    reader.goto(path)
    expect(status(reader)).to_contain_text("events")
    axe(reader)
    for width in (PHONE, DESK):
        at_width(reader, width)
    tab_to(reader, reader.locator("canvas"))
    reader.keyboard.press("Home")
    id = reader.locator("li.focused").get_attribute("data-id")
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(f"/record/{id}$"))


def test_the_page_asks_for_the_geometry_of_the_answer_that_it_shows(reader: Page):
    with reader.expect_response(re.compile("/drawing")) as waited:
        reader.goto("/story/qwen?as_of=2026-03-03&as_known=80")
    geometry = waited.value.json()
    assert (geometry["as_of"], geometry["as_known"]) == ("2026-03-03", 80)
    assert geometry["answer"] == reader.locator(".permalink code").inner_text()
    assert "immutable" in waited.value.headers["cache-control"]


def test_the_form_filters_the_groups_of_the_page(reader: Page):
    reader.goto("/story/qwen?as_of=2026-04-30")
    expect(status(reader)).to_contain_text("124 events")
    reader.get_by_label("Entity").select_option("lin-junyang")
    expect(status(reader)).to_contain_text("chosen")
    shown = reader.locator("li[data-id]:visible")
    assert 0 < shown.count() < 30
    assert reader.locator("li.group:visible").count() <= shown.count()


def test_without_script_there_is_the_picture_and_no_form_that_does_nothing(
    visitors: Visitors, service: Service, reader_cookie: Cookie
):
    page = visitors.new(service.address, reader_cookie, java_script_enabled=False)
    page.goto("/story/qwen")
    assert page.locator("figure svg").is_visible()
    assert not page.locator("form.filters").is_visible()
