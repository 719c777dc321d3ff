"""What becomes of a form that is sent, whatever has sent it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.writing import desk_at, told
from timeline.newsroom.newsroom import Newsroom
from timeline.web.executor import Executor


@pytest.fixture
def desk(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        yield desk


def sent(desk, path="/append/happened", by="reporter", **fields):
    """The response to a form with these fields."""
    typed = {
        "form-id": "typed",
        "form-seen": "0",
        "form-act": "append",
        "story": "story",
        "when": "2026",
        "about": "lab",
        "source-0-title": "The Wire",
    }
    typed |= {name.replace("_", "-"): text for name, text in fields.items()}
    return desk.client.post(path, data=typed, headers=desk.by(by), follow_redirects=False)


def test_a_form_is_appended_as_by_the_api(desk, monkeypatch):
    submitted = []
    append = Executor.append

    async def noted(self, submission):
        submitted.append(submission)
        return await append(self, submission)

    monkeypatch.setattr(Executor, "append", noted)
    answer = sent(desk)
    assert (answer.status_code, answer.headers["location"]) == (303, "/record/typed?appended=yes")
    assert [each.recorded_by for each in submitted] == ["reporter"]
    assert desk.service.executor.head == 1, "who asks next sees it"


def test_only_its_own_story_is_in_the_way_of_a_form(desk):
    desk.post("/api/append", told("one"))
    desk.post("/api/append", told("other", story="other"))
    assert sent(desk, form_seen="1").status_code == 303
    refused = sent(desk, form_seen="2", form_id="late")
    assert "Someone else saved first" in refused.text
    assert 'name="form-seen" value="3"' in refused.text
    assert sent(desk, form_seen="3", form_id="late").status_code == 303


def test_a_form_that_is_sent_again_is_no_conflict(desk):
    assert sent(desk).status_code == 303
    assert sent(desk).status_code == 303
    assert len(desk.records()) == 1


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30, "9" * 5000, "\u0663"])
def test_a_position_that_is_none_is_refused(desk, seen):
    assert sent(desk, form_seen=seen).status_code == 400


@pytest.mark.parametrize("type", ["retraction", "correction", "conflict", "resolution"])
@pytest.mark.parametrize("act", ["append", "preview"])
def test_an_amendment_of_nothing_says_so(desk, type, act):
    answer = sent(desk, f"/amend/{type}", by="editor", form_act=act)
    assert answer.status_code == 200
    assert "names no event" in answer.text


@pytest.mark.parametrize(
    ("path", "by", "status"),
    [
        ("/append/happened", "reader", 403),
        ("/append/retraction", "reporter", 403),
        ("/amend/retraction", "reporter", 403),
        ("/amend/retraction/one", "reader", 403),
        ("/append/happened", "reporter", 200),
        ("/amend/retraction/one", "editor", 200),
    ],
)
@pytest.mark.parametrize("act", ["preview", "append", "more", "cite-0"])
def test_a_form_is_for_the_role_that_may_append_its_type(desk, path, by, status, act):
    desk.post("/api/append", told("one"))
    answer = sent(desk, path, by, form_act=act, ids="one", story="", when="yesteryear")
    assert answer.status_code == status
    assert len(desk.records()) == 1


def test_what_a_form_would_do_is_what_the_api_says(desk):
    answer = sent(desk, "/append/joined", form_act="preview", person="li", organisation="lab")
    assert "li member-of lab" in answer.text
    assert not desk.records()
    sent(desk)
    assert "This record already exists, word for word" in sent(desk, form_act="preview").text


@pytest.mark.parametrize("id", ["a/b", "a\nb", "a%2Fb", "a b?c#d", "\u00e9"])
def test_a_form_and_the_page_of_a_record_are_there_whatever_its_id(desk, id):
    desk.post("/api/append", told(id, headline="It was so"))
    named = quote(id, safe="")
    # A form has its ids on lines: one with a line feed is amended by the API.
    forms = [] if "\n" in id else [f"/amend/retraction/{named}"]
    for path in (f"/record/{named}", *forms):
        answer = desk.get(path, by="editor")
        assert answer.status_code == 200, path
        assert "It was so" in answer.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://", "https:///x", "//example.org", "data:text/html,x"]
)
def test_only_what_leads_to_the_web_becomes_a_link(desk, url):
    desk.post("/api/append", told("one", sources=[{"url": url, "title": "The Wire"}]))
    page = desk.get("/record/one", by="reader").text
    assert "The Wire" in page and "external" not in page
    desk.post("/api/append", told("two", sources=[{"url": "HTTPS://example.org/", "title": "B"}]))
    assert 'href="HTTPS://example.org/"' in desk.get("/record/two", by="reader").text
