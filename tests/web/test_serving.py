"""`timeline serve`: the one-time link, tokens, and shutdown."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.running import REPOSITORY, command, environment
from tests.web.browsing import DESK, PHONE, at_width, axe, fill
from tests.web.complaints import Complaints
from tests.web.serving import PATIENCE, Service, serving
from timeline.cli.commands.serve import serve_command
from timeline.newsroom.newsroom import Newsroom
from timeline.web.limits import BURSTS


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


def test_it_ends_when_asked_even_if_a_thread_does_not(tmp_path: Path) -> None:
    Newsroom.init(tmp_path / "room")
    program = "; ".join(
        (
            "import sys, threading",
            "from timeline.cli.program import run",
            "from timeline.web import executor, serving",
            "serving.ENDS_WITHIN = 0.2",
            "executor.NewsroomThread.close = lambda self: threading.Event().wait()",
            "sys.exit(run())",
        )
    )
    words = ["--newsroom", str(tmp_path / "room"), "serve", "--port", "0", "--no-link"]
    with subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        place = process.stdout.readline().strip().partition("http://")[2].rstrip("/")
        with closing(HTTPConnection(place)) as client:
            client.request("GET", "/health")
            assert client.getresponse().status == 200
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "did not end within 0.2 seconds" in said


def test_it_does_not_start_where_it_may_open_too_few_files(tmp_path: Path) -> None:
    Newsroom.init(tmp_path / "room")
    done = subprocess.run(
        command(tmp_path / "room", "serve", "--port", "0"),
        capture_output=True,
        text=True,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)),
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs at least 250 open files, and this process may open 128" in done.stderr
    assert "ulimit -n 4296" in done.stderr


def test_what_is_documented_is_what_one_token_may_ask() -> None:
    (rate,) = (each.default for each in serve_command.params if each.name == "rate")
    row = next(
        line
        for line in (REPOSITORY / "docs" / "service.md").read_text().splitlines()
        if line.startswith("| requests with one token |")
    )
    assert f"{rate:,} a second, {BURSTS * rate:,} in a burst" in row


def test_what_the_service_complains_of_fails_the_test(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="the service ended"), serving(tmp_path):
        pass
