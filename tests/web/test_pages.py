"""Every page: accessible, light and dark, on a phone and on a desk, with nothing on the console."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.examples import some
from tests.web.browsing import DESK, PHONE, at_width, axe, focus_is_seen, press, stops, tab_to
from tests.web.serving import Service
from tests.web.visitors import Visitors

PAGES = {
    "front": "/",
    "story": "/story/qwen?as_of=2026-03-10",
    "chronology of an entity": "/chronology/lin-junyang?as_of=2026-03-10",
    "entity": "/entity/qwen-team?as_of=2026-03-10",
    "why": "/why/qwen-team?as_of=2026-03-10&property=customers-affected",
    "holders": "/holders/tongyi-lab?role=head",
    "record": "/record/90000-customers-affected",
    "amendment": "/record/accounts-of-the-release",
    "entities": "/entities",
    "diff": "/diff?entity=qwen-team&as_known=100..139&as_of=2026-03-10",
    "audit": "/audit?as_of=2026-03-10&first=90",
    "findings": "/findings?as_of=2026-04-10",
    "types": "/append",
    "append": "/append/joined?story=qwen",
    "correct": "/amend/correction/90000-customers-affected",
    "resolve": "/amend/resolution?with=90000-rely-on-cloud&with=90000-deploy-qwen",
}


@pytest.fixture(scope="module")
def editing_cookie(service: Service):
    return service.cookie(service.token("editor", "editor"))


@pytest.fixture
def window(visitors: Visitors, service: Service, editing_cookie) -> Page:
    return visitors.new(service.address, editing_cookie)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_accessible_and_fits(window: Page, path: str):
    window.goto(path)
    expect(window.locator("h1")).to_have_count(1)
    axe(window)
    for width in (PHONE, DESK):
        at_width(window, width)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_says_the_same_without_script(
    visitors: Visitors, service: Service, editing_cookie, path: str
):
    plain = visitors.new(service.address, editing_cookie, java_script_enabled=False)
    plain.goto(path)
    assert plain.locator("main").inner_text().strip()
    for control in plain.locator("main button:visible").all():
        assert control.evaluate("each => each.form !== null"), "a button that only script answers"


def test_the_first_stop_leads_past_the_navigation(window: Page):
    window.goto("/story/qwen")
    window.keyboard.press("Tab")
    focus_is_seen(window)
    window.keyboard.press("Enter")
    assert window.url.endswith("#main")


@pytest.mark.parametrize(
    "name", some(["entity", "story", "diff", "audit", "findings", "append"], 2)
)
def test_all_that_can_be_used_can_be_reached_by_keys(window: Page, name: str):
    window.goto(PAGES[name])
    assert len(stops(window, 800)) > 8


def test_the_sign_in_page_is_accessible_and_takes_a_token(visitors: Visitors, service: Service):
    window = visitors.new(service.address)
    window.goto("/story/qwen?as_of=2026-03-10")
    assert "/sign-in?next=" in window.url
    axe(window)
    at_width(window, PHONE)
    window.get_by_label("Token").fill(service.token("reader"))
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/story/qwen\\?as_of=2026-03-10"))
    window.get_by_role("button", name="Sign out").click()
    expect(window).to_have_url(re.compile("/sign-in"))


def test_the_times_of_a_page_are_asked_in_words_and_kept_in_its_address(reader: Page):
    reader.goto("/entity/qwen-team")
    reader.get_by_role("textbox", name="As of").fill("3 March 2026")
    reader.locator("#as-known").fill("100")
    reader.keyboard.press("Enter")
    expect(reader.locator("#as-of-read")).to_have_text("at the end of 3 March 2026, UTC")
    expect(reader.locator("#as-known-read")).to_contain_text("as known at @100")
    expect(reader.get_by_role("note").first).to_contain_text("is read as 2026-03-03")
    assert "as_known=100" in reader.url
    permalink = reader.get_by_role("link", name="Permalink to this answer")
    assert "digest=sha256" in permalink.get_attribute("href")
    permalink.click()
    expect(reader.locator("#as-of-read")).to_have_text("at the end of 3 March 2026, UTC")


def test_a_value_leads_to_its_records_and_their_sources(reader: Page):
    reader.goto("/entity/qwen-team?as_of=2026-03-10")
    reader.get_by_role("link", name=re.compile("why: .*90000-customers-affected")).click()
    expect(reader.locator("h1")).to_contain_text("customers-affected")
    expect(
        reader.get_by_text("now faces an enterprise dilemma affecting over 90,000 customers").first
    ).to_be_visible()
    reader.get_by_role("link", name="90000-customers-affected").first.click()
    expect(reader.locator("h1")).to_contain_text("An enterprise dilemma")


def test_the_audit_plays_step_by_step(reader: Page):
    reader.goto("/audit?as_of=2026-03-10&first=210")
    steps = reader.locator("li.step")
    expect(steps).to_have_count(4)
    press(reader, reader.get_by_role("button", name="Forward"))
    expect(steps.nth(0)).to_be_visible()
    expect(steps.nth(1)).to_be_hidden()
    expect(reader.get_by_role("status")).to_contain_text("Step 1 of 4, @210")
    press(reader, reader.get_by_role("button", name="Forward"))
    expect(steps.nth(1)).to_be_visible()
    tab_to(reader, reader.get_by_label("Step"))
    reader.keyboard.press("End")
    expect(steps.nth(3)).to_be_visible()
    press(reader, reader.get_by_role("button", name="Show all"))
    expect(reader.get_by_role("status")).to_have_text("All 4 steps")


def test_play_goes_on_by_itself(reader: Page):
    reader.clock.install()
    reader.goto("/audit?as_of=2026-03-10&first=210")
    reader.get_by_role("button", name="Play").click()
    expect(reader.get_by_role("status")).to_contain_text("Step 1 of 4")
    reader.clock.run_for(4000)
    expect(reader.get_by_role("status")).to_contain_text("Step 3 of 4")
    reader.get_by_role("button", name="Pause").click()
    reader.clock.run_for(10_000)
    expect(reader.get_by_role("status")).to_contain_text("Step 3 of 4")


def test_a_long_audit_goes_on_in_parts(reader: Page):
    reader.goto("/audit?as_of=2026-03-10")
    expect(reader.locator("li.step")).to_have_count(50)
    reader.get_by_role("link", name="Later").click()
    assert reader.locator("li.step").first.get_attribute("data-position") == "51"


def test_a_difference_shows_both_sides_and_what_is_to_correct(reader: Page):
    reader.goto("/diff?entity=qwen-team&as_known=100..139&as_of=2026-03-10")
    row = reader.get_by_role("row", name=re.compile("lin-junyang member-of qwen-team"))
    expect(row).to_contain_text("certain")
    expect(row).to_contain_text("no longer")
    expect(row.get_by_role("link", name="lin-leaves-qwen-team")).to_be_visible()
    expect(reader.get_by_role("heading", name="To correct")).to_be_visible()
    reader.get_by_label("As known from").fill("139")
    reader.get_by_role("button", name="Compare").click()
    expect(reader.get_by_text("Nothing has changed.")).to_be_visible()


def test_a_finding_leads_to_the_form_that_settles_it(window: Page):
    window.goto("/findings?as_of=2026-04-10")
    window.locator("#departure-without-arrival").get_by_role("link", name="Settle it").click()
    expect(window.get_by_label("Person")).to_have_value("qwen-technical-architect")


def test_readers_are_offered_no_form(reader: Page):
    reader.goto("/findings?as_of=2026-04-10")
    expect(reader.get_by_role("link", name="Settle it")).to_have_count(0)
    reader.goto("/record/90000-customers-affected")
    expect(reader.get_by_role("heading", name="Amend", exact=True)).to_have_count(0)
    reader.goto("/append")
    expect(reader.get_by_text("Your token only lets you read")).to_be_visible()


def test_what_is_not_there_is_said_and_what_might_be_meant(reader: Page, complaints):
    complaints.expect("404")
    complaints.expect("400")
    reader.goto("/record/90000-customers-affectd")
    expect(reader.locator("main")).to_contain_text("did you mean 90000-customers-affected")
    reader.goto("/entity/qwen-team?as_of=someday")
    expect(reader.locator("main")).to_contain_text("is not understood as a date")


def test_paper_needs_no_navigation(reader: Page):
    reader.goto("/story/qwen?as_of=2026-03-10")
    reader.emulate_media(media="print")
    expect(reader.get_by_role("navigation", name="Site")).to_be_hidden()
    expect(reader.locator("ol.chronology")).to_be_visible()


def test_an_entity_goes_by_its_name_with_its_slug_beside_it(reader: Page):
    reader.goto("/entity/lin-junyang?as_of=2026-03-10")
    expect(reader.locator("h1")).to_have_text(re.compile("Entity: Lin Junyang lin-junyang"))
    expect(reader.get_by_text("also 林俊旸")).to_be_visible()
    expect(reader).to_have_title(re.compile("^Lin Junyang"))
    expect(reader.locator("[data-part=title]")).to_have_text("Lin Junyang member-of Qwen team")
    reader.goto("/entity/qwen-team?as_of=2026-03-02")
    reader.get_by_role("link", name="Lin Junyang", exact=True).first.click()
    expect(reader).to_have_url(re.compile("/entity/lin-junyang"))


def test_each_page_about_an_entity_leads_to_the_others(reader: Page):
    reader.goto("/entity/qwen-team?as_of=2026-03-10")
    for view in ("Why", "Chronology", "Chart", "What changed", "Audit", "Findings", "State"):
        views = reader.get_by_role("navigation", name="About Qwen team")
        views.get_by_role("link", name=view, exact=True).click()
        expect(views.locator("[aria-current=page]")).to_have_text(view)


def test_the_front_page_has_what_was_recorded_last(reader: Page):
    reader.goto("/")
    expect(reader.locator("li.step").first).to_contain_text("213")
    expect(reader.locator("li.step")).to_have_count(10)


def test_a_record_leads_to_the_entities_that_it_names(reader: Page):
    reader.goto("/record/lin-leaves-qwen-team")
    reader.get_by_role("main").get_by_role("link", name="Lin Junyang").click()
    expect(reader).to_have_url(re.compile("/entity/lin-junyang"))


def test_pages_speak_of_their_fields_and_of_no_options(reader: Page, complaints):
    complaints.expect("400")
    reader.goto("/entity/qwen-team?as_of=3 March 2026")
    expect(reader.get_by_role("note").first).to_contain_text("As of '3 March 2026' is read as")
    reader.goto("/entity/qwen-team?as_of=03/04/2026")
    expect(reader.locator("main")).to_contain_text("As of: '03/04/2026' could be")
    expect(reader.locator("main")).not_to_contain_text("--")
    reader.get_by_role("link", name="All stories").click()
    expect(reader.get_by_role("heading", name="Stories")).to_be_visible()


def test_who_may_not_is_told_as_whom_they_are_signed_in(reader: Page, complaints):
    complaints.expect("403")
    reader.goto("/append/joined")
    expect(reader.locator("main")).to_contain_text("signed in as reader, with the role reader")
    nav = reader.get_by_role("navigation", name="Site")
    expect(nav.get_by_role("link", name="Append")).to_have_count(0)
