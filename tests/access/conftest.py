"""A file of tokens to try things on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline.access import FILE
from timeline.access.file import AccessFile
from timeline.access.sessions import Sessions
from timeline.access.tokens import Tokens


@pytest.fixture
def file(tmp_path: Path) -> Iterator[AccessFile]:
    opened = AccessFile(tmp_path / FILE)
    yield opened
    opened.close()


@pytest.fixture
def tokens(file: AccessFile) -> Tokens:
    return Tokens(file)


@pytest.fixture
def sessions(file: AccessFile) -> Sessions:
    return Sessions(file)
