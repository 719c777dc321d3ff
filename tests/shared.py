"""Where the tests find data that is not part of this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).parents[2] / "shared"


def shared(name: str) -> Path:
    """The file or folder of that name in the shared data; without it the test is skipped.

    It lies in the folder `data` of `TIMELINE_SHARED`, else of `shared` beside the repository.
    """
    root = Path(os.environ.get("TIMELINE_SHARED") or _BESIDE_THE_REPOSITORY)
    path = root / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not there: set TIMELINE_SHARED", allow_module_level=True)
    return path
