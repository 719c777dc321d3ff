"""`timeline serve`: the one-time link, tokens, and shutdown."""

from __future__ import annotations

import signal
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.browsing import DESK, PHONE, at_width, axe, fill
from tests.web.complaints import Complaints
from tests.web.serving import Service, serving


def test_the_link_opens_the_service_in_a_browser_once(
    own_service: Service, page: Page, complaints: Complaints
) -> None:
    page.goto(own_service.link)
    assert page.url == own_service.url("/")
    page.context.clear_cookies()
    complaints.expect("GET 403")
    complaints.expect("status of 403")
    page.goto(own_service.link)
    assert page.url == own_service.link


def test_a_reader_signs_in_with_a_token(service: Service, page: Page, reader_token: str) -> None:
    page.goto(service.url("/"))
    axe(page)
    at_width(page, PHONE)
    fill(page, page.get_by_label("Token"), reader_token)
    page.keyboard.press("Enter")
    page.wait_for_url(service.url("/"))


def test_the_front_page_is_for_everybody(reader: Page) -> None:
    reader.goto("/")
    axe(reader)
    at_width(reader, PHONE)
    at_width(reader, DESK)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_in_silence_whoever_follows_or_waits(
    story_room: Path, sign: signal.Signals
) -> None:
    with serving(story_room) as service, closing(HTTPConnection(service.host)) as follower:
        shown = {"Authorization": f"Bearer {service.token('reader')}"}
        follower.request("GET", "/api/follow?after=138", headers=shown)
        following = follower.getresponse()
        assert following.readline() == b":\n"
        with closing(HTTPConnection(service.host)) as waiter:
            waiter.request("GET", "/api/status?at_least=1000", headers=shown)
            # This is asked later, and answered, so that the other one waits by now.
            with closing(HTTPConnection(service.host)) as other:
                other.request("GET", "/health")
                assert other.getresponse().status == 200
            service.stop(sign)
            answer = waiter.getresponse()
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert b"id: 139\n" in following.read()


def test_what_the_service_complains_of_fails_the_test(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="the service ended"), serving(tmp_path):
        pass
