"""Real answers about the shipped story, each with its request.

The tests repeat the requests and check that the service still gives these answers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

DIRECTORY = Path(__file__).parent


class Example(NamedTuple):
    """A request, as a path with its query, and the answer."""

    asked: str
    answer: Any


@cache
def example(name: str) -> Example:
    """The example of that name."""
    found = orjson.loads((DIRECTORY / f"{name}.json").read_bytes())
    return Example(found["asked"], found["answer"])
