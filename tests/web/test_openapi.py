"""The API answers as its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples import NIGHTLY
from tests.web.contract import keep_to
from tests.web.faulty_api import Fault, operation, serving
from tests.web.serving import Service

# What is said of each fault.
FOUND: dict[Fault, str] = {
    "fails": "Server error",
    "status": "Undocumented status code",
    "kind": "Undocumented Content-Type",
    "shape": "Response violates schema",
    "body": "Server error",
}


# With the few examples of every run, the checker would not find all of them.
nightly = pytest.mark.skipif(not NIGHTLY, reason="only with TIMELINE_EXAMPLES")


@nightly
def test_all_that_breaks_the_word_of_an_api_is_found(tmp_path: Path) -> None:
    with serving(*FOUND) as document, pytest.raises(AssertionError) as raised:
        keep_to(document, tmp_path)
    told = re.split(r"^_+ (\w+ /\S+) _+$", str(raised.value), flags=re.MULTILINE)
    found = dict(zip(told[1::2], told[2::2], strict=True))
    assert set(found) == {operation(fault) for fault in FOUND}
    for fault, message in FOUND.items():
        assert message in found[operation(fault)]


@nightly
def test_an_api_that_keeps_its_word_passes(tmp_path: Path) -> None:
    with serving() as document:
        keep_to(document, tmp_path)


def test_a_reader_gets_no_answer_that_is_not_documented(
    service: Service, reader_token: str, tmp_path: Path
) -> None:
    keep_to(service.url("/openapi.json"), tmp_path, reader_token)
