"""Appending and amending in a browser, as reporters and editors do."""

from __future__ import annotations

import json
import re
import urllib.request

from playwright.sync_api import Page, expect

from tests.web.browsing import fill, press
from tests.web.serving import Service
from tests.web.visitors import Visitors


def by_role(visitors: Visitors, service: Service, role: str, name: str) -> Page:
    return visitors.new(service.address, service.cookie(service.token(role, name)))


def log_of(service: Service) -> list[dict[str, object]]:
    token = service.token("reader")
    request = urllib.request.Request(
        service.url("/api/log"), headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["records"]


def fill_in(window: Page, **fields: str) -> None:
    for name, text in fields.items():
        window.locator(f"[name={name.replace('_', '-')}]").fill(text)


def test_a_reporter_sees_the_effect_and_appends(visitors: Visitors, own_service: Service):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append?story=qwen")
    window.get_by_role("link", name="joined").click()
    fill_in(window, person="Lin Junyang", organisation="qwen-team", when="3 May 2026")
    fill_in(window, source_0_url="https://example.org/post", source_0_quote="I am back")
    expect(window.locator("output[for=when]")).to_contain_text("2026-05-03: 3 May 2026")
    window.get_by_role("button", name="Preview").click()
    effect = window.locator(".effect")
    expect(effect).to_contain_text("lin-junyang joins qwen-team")
    expect(effect.locator("li.new")).to_contain_text("lin-junyang member-of qwen-team: certain")
    expect(window.get_by_text("'Lin Junyang' is read as lin-junyang")).to_be_visible()
    assert len(log_of(own_service)) == 213
    window.get_by_role("button", name="Append", exact=True).click()
    expect(window.locator(".done")).to_have_text("Saved at @214.")
    last = log_of(own_service)[-1]
    assert last["recorded_by"] == "Ada"
    assert last["person"] == "lin-junyang"
    assert last["when"] == "2026-05-03"
    assert last["sources"] == [{"url": "https://example.org/post", "quote": "I am back"}]
    # A record without a headline has that of its type, on the front page, too.
    window.goto("/")
    expect(window.locator(".step").first).to_contain_text("lin-junyang joins qwen-team")


def test_all_of_it_by_keys_alone(visitors: Visitors, own_service: Service):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append/happened?story=qwen")
    fill(window, window.get_by_label("About"), "qwen-team")
    fill(window, window.get_by_label("When"), "yesterday")
    fill(window, window.get_by_label("Title"), "A page")
    press(window, window.get_by_role("button", name="Append", exact=True))
    expect(window.locator(".done")).to_contain_text("@214")


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    visitors: Visitors, own_service: Service
):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append/joined?story=qwen")
    window.get_by_text("Headline, text, tags").click()
    fill_in(window, person="lin-junyang", when="03/04/2026", body="Kept")
    expect(window.locator("output[for=when]")).to_contain_text("could be")
    window.get_by_role("button", name="Append", exact=True).click()
    problems = window.get_by_role("alert")
    expect(problems).to_contain_text("could be")
    expect(problems).to_contain_text("organisation")
    expect(problems).to_be_focused()
    expect(window.get_by_label("Organisation")).to_have_attribute("aria-invalid", "true")
    expect(window.locator("[name=person]")).to_have_value("lin-junyang")
    expect(window.locator("[name=body]")).to_have_value("Kept")
    assert len(log_of(own_service)) == 213


def test_entities_are_offered_by_any_of_their_names(visitors: Visitors, own_service: Service):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append/joined?story=qwen")
    window.get_by_label("Person").press_sequentially("林俊")
    option = window.locator("#person-known option").first
    expect(option).to_have_attribute("value", "lin-junyang")


def test_two_browsers_on_one_story_where_one_corrects_while_the_other_amends(
    visitors: Visitors, own_service: Service
):
    first = by_role(visitors, own_service, "editor", "Ada")
    second = by_role(visitors, own_service, "editor", "Ben")
    first.goto("/amend/correction/90000-customers-affected")
    second.goto("/amend/dispute/90000-customers-affected")
    first.locator("[name=new-value]").fill("over 80,000")
    first.get_by_label("Reason").fill("Misread")
    first.get_by_role("button", name="Save the correction").click()
    expect(first.locator(".done")).to_contain_text("@214")
    second.get_by_label("Reason").fill("Nobody else says so")
    second.get_by_role("button", name="Save the dispute").click()
    said = second.get_by_role("alert")
    expect(said).to_contain_text("Someone else saved first")
    expect(said).to_contain_text("Ada")
    expect(said.get_by_role("link", name=re.compile("Misread"))).to_be_visible()
    expect(second.get_by_label("Reason")).to_have_value("Nobody else says so")
    assert len(log_of(own_service)) == 214
    second.get_by_role("button", name="Save the dispute").click()
    expect(second.locator(".done")).to_contain_text("@215")
    second.goto("/record/90000-customers-affected")
    expect(second.locator(".state")).to_contain_text("disputed")
    expect(second.locator(".amendment.correction")).to_contain_text("over 80,000")


def test_a_form_that_is_sent_twice_is_one_record(editor: Page, own_service: Service):
    editor.goto("/append/happened?story=qwen")
    fill_in(editor, about="qwen-team", when="2026-05-01", source_0_title="A page")
    sent = editor.evaluate(
        """async () => {
          const body = new URLSearchParams(new FormData(document.querySelector("form.record")));
          body.set("form-act", "append");
          const send = () => fetch("/append/happened", { method: "POST", body });
          return (await Promise.all([send(), send()])).map((each) => each.url);
        }"""
    )
    assert sent[0] == sent[1]
    assert len(log_of(own_service)) == 214


def test_an_editor_chooses_among_rivals(editor: Page, own_service: Service):
    editor.goto("/amend/conflict/90000-rely-on-cloud?with=90000-deploy-qwen")
    editor.get_by_label("Reason").fill("One number, counted twice")
    editor.get_by_role("button", name="Save the conflict").click()
    expect(editor.locator(".done")).to_contain_text("@214")
    editor.goto("/findings?as_of=2026-04-10")
    editor.get_by_role("link", name="Settle it").first.click()
    editor.get_by_label("90,000-plus enterprises rely on").check()
    editor.get_by_label("Reason").fill("The first page counts enterprises")
    editor.get_by_role("button", name="Preview").click()
    expect(editor.locator(".effect")).to_contain_text("deploying-enterprises")
    editor.get_by_role("button", name="Save the resolution").click()
    expect(editor.locator(".done")).to_contain_text("@215")
    editor.goto("/findings?as_of=2026-04-10")
    expect(editor.locator("#unresolved-conflict")).to_have_count(0)


def test_retract_restore_confirm_and_conflict(editor: Page):
    for type, verb in (("retraction", "Retracted"), ("restoration", "Stands")):
        editor.goto(f"/amend/{type}/qwen-14b-released")
        editor.get_by_label("Reason").fill("To see")
        editor.get_by_role("button", name=f"Save the {type}").click()
        expect(editor.locator(".done")).to_contain_text("Saved at @")
        editor.goto("/record/qwen-14b-released")
        expect(editor.locator(".state")).to_contain_text(verb)
    editor.goto("/amend/confirmation/qwen-14b-released")
    editor.get_by_label("Reason").fill("To see")
    editor.get_by_role("button", name="Save the confirmation").click()
    editor.goto("/record/qwen-14b-released")
    expect(editor.locator(".state")).to_contain_text("confirmed")
    editor.goto("/amend/conflict/qwen-14b-released")
    editor.get_by_label("Another account").fill("qwen-7b-released")
    editor.get_by_role("button", name="Add account").click()
    expect(editor.locator(".accounts li")).to_have_count(2)
    editor.get_by_label("Reason").fill("To see")
    editor.get_by_role("button", name="Save the conflict").click()
    expect(editor.locator(".done")).to_contain_text("Saved at @")


def test_a_citation_of_a_private_address_is_refused_and_says_why(
    visitors: Visitors, own_service: Service
):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append/happened?story=qwen")
    fill_in(window, source_0_url=own_service.url("/"))
    window.get_by_role("button", name="Fill in from the link").click()
    expect(window.locator(".cited")).not_to_have_text("Reading the page …")
    expect(window.locator(".cited")).not_to_have_text(re.compile("Filled in"))
    expect(window.locator("[name=source-0-title]")).to_have_value("")


def test_forms_work_without_script(visitors: Visitors, own_service: Service):
    cookie = own_service.cookie(own_service.token("reporter", "Ada"))
    window = visitors.new(own_service.address, cookie, java_script_enabled=False)
    window.goto("/append/happened?story=qwen")
    window.get_by_role("button", name="Add a source").click()
    expect(window.locator("fieldset.source")).to_have_count(2)
    fill_in(window, about="qwen-team", when="2026-05-01", source_1_title="A page")
    window.get_by_role("button", name="Preview").click()
    expect(window.locator(".effect")).to_be_visible()
    window.get_by_role("button", name="Append", exact=True).click()
    expect(window.get_by_text("Saved at @214.")).to_be_visible()


def test_what_did_our_page_say_on_tuesday_and_what_was_wrong_in_it(editor: Page):
    editor.goto("/append/publication?story=qwen")
    fill_in(editor, name="tuesday")
    editor.get_by_role("button", name="Append", exact=True).click()
    expect(editor.locator(".done")).to_contain_text("Saved at @")
    editor.goto("/amend/correction/90000-customers-affected")
    editor.locator("[name=new-value]").fill("over 80,000")
    editor.get_by_label("Reason").fill("Misread")
    editor.get_by_role("button", name="Save the correction").click()
    editor.goto("/story/qwen?as_known=publication:tuesday")
    expect(editor.locator("#as-known-read")).to_contain_text("as known at @214")
    editor.goto("/diff?story=qwen&as_known=publication:tuesday..")
    expect(editor.locator(".notices")).to_contain_text("Misread")
    expect(
        editor.get_by_role("row", name=re.compile("customers-affected over 80,000"))
    ).to_be_visible()


def test_a_form_that_is_sent_after_the_session_ended_loses_nothing_that_was_typed(
    visitors: Visitors, own_service: Service
):
    window = by_role(visitors, own_service, "reporter", "Ada")
    window.goto("/append/happened?story=qwen")
    window.get_by_text("Headline, text, tags").click()
    fill_in(window, about="qwen-team", when="2026-05-03", headline="<b>Two</b> & more")
    fill_in(window, body="First line\n\n\tand  a third", source_0_url="https://example.org/a?b=c&d")
    window.context.clear_cookies()
    visitors.complaints.expect("401")
    window.get_by_role("button", name="Append", exact=True).click()
    expect(window.get_by_role("alert")).to_contain_text("Nothing that you typed is lost")
    for token in ("wrong", own_service.token("reporter", "Ada")):
        window.get_by_label("Token").fill(token)
        window.get_by_role("button", name="Sign in").click()
    window.get_by_role("button", name="Go on").click()
    expect(window.locator("[name=headline]")).to_have_value("<b>Two</b> & more")
    assert len(log_of(own_service)) == 213
    window.get_by_role("button", name="Append", exact=True).click()
    expect(window.locator(".done")).to_have_text("Saved at @214.")
    last = log_of(own_service)[-1]
    assert last["body"] == "First line\n\n\tand  a third"
    assert last["sources"] == [{"url": "https://example.org/a?b=c&d"}]


def test_a_correction_reads_a_date_in_the_zone_that_it_saves(
    visitors: Visitors, own_service: Service
):
    window = by_role(visitors, own_service, "editor", "Ada")
    window.goto("/amend/correction/qwen-7b-released")
    fill_in(window, new_when="3 August 2023 11pm", reason="It was in the evening")
    said = window.locator("output[for=new-when]")
    expect(said).to_contain_text("from 2023-08-03T15:00:00")
    window.get_by_role("button", name="Save the correction").click()
    expect(window.locator(".done")).to_contain_text("@214")
    assert log_of(own_service)[-1]["changes"] == {"when": "2023-08-03T23:00+08:00"}
