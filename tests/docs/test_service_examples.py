"""What the README shows of the service, asked of a service that runs."""

from __future__ import annotations

import re
import shlex
from contextlib import redirect_stdout
from http.client import HTTPConnection
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.docs.transcripts import ROOT, Transcript, blocks, fits, transcripts

if TYPE_CHECKING:
    from tests.web.serving import Service

SHOWN = "http://127.0.0.1:8450"


def shown(language: str) -> list[str]:
    return [
        text for lang, text in blocks((ROOT / "README.md").read_text("utf-8")) if lang == language
    ]


def asked() -> list[Transcript]:
    return [
        each
        for block in shown("shellsession")
        for each in transcripts(block)
        if each.command.startswith("curl ")
    ]


def test_each_curl_answers_what_the_readme_says(service: Service, reader_token: str) -> None:
    assert asked()
    for each in asked():
        *_, said, address = shlex.split(each.line.replace("$TIMELINE_TOKEN", reader_token))
        name, _, value = said.partition(": ")
        url = urlsplit(address)
        assert f"{url.scheme}://{url.netloc}" == SHOWN
        connection = HTTPConnection(urlsplit(service.address).netloc)
        try:
            connection.request("GET", f"{url.path}?{url.query}", headers={name: value})
            answer = connection.getresponse().read().decode()
        finally:
            connection.close()
        assert fits(each.said, answer.rstrip("\n") + "\n"), answer


def test_the_python_prints_what_the_readme_says(
    service: Service, reader_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,), (said,) = shown("python"), shown("text")
    monkeypatch.setenv("TIMELINE_TOKEN", reader_token)
    with redirect_stdout(StringIO()) as printed:
        exec(code.replace(SHOWN, service.address), {})
    assert printed.getvalue() == said


def test_serving_says_what_the_readme_says(service: Service) -> None:
    (said,) = (
        each.said
        for block in shown("shellsession")
        for each in transcripts(block)
        if each.command == "timeline serve"
    )
    served = said.replace(SHOWN, service.address)
    assert re.search(rf"{re.escape(service.address)}/link/", served)
    assert fits(
        served.splitlines()[1] + "\n", f"one-time link, valid for ten minutes: {service.link}\n"
    )
