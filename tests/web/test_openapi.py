"""The API answers as its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.contract import keep_to
from tests.web.faulty_api import Fault, serving
from tests.web.serving import Service


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("fails", "Server error"),
        ("status", "Undocumented status code"),
        ("kind", "Undocumented Content-Type"),
        ("shape", "Response violates schema"),
        ("body", "Server error"),
    ],
)
def test_an_api_that_breaks_its_word_is_found(fault: Fault, found: str, tmp_path: Path) -> None:
    with serving(fault) as document, pytest.raises(AssertionError, match=found):
        keep_to(document, tmp_path)


def test_an_api_that_keeps_its_word_passes(tmp_path: Path) -> None:
    with serving("none") as document:
        keep_to(document, tmp_path)


def test_a_reader_gets_no_answer_that_is_not_documented(
    service: Service, reader_token: str, tmp_path: Path
) -> None:
    keep_to(service.url("/openapi.json"), tmp_path, reader_token)
