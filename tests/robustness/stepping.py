"""`timeline` that says before and after each step towards the disk that it takes one.

python -m tests.robustness.stepping WORDS
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from timeline.cli.program import run


def _saying(step: Callable[..., Any]) -> Callable[..., Any]:
    def said(*given: Any, **named: Any) -> Any:
        print("before", flush=True)
        try:
            return step(*given, **named)
        finally:
            print("after", flush=True)

    return said


if __name__ == "__main__":
    os.fsync = _saying(os.fsync)
    for name in ("replace", "rename", "unlink"):
        setattr(Path, name, _saying(getattr(Path, name)))
    run()
