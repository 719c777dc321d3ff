"""A progress bar, shown at a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from timeline.render import terminal

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class Bar:
    """Shows progress and the estimated time on standard error.

    Call it with the current position and the last one. If the first call is also the last, no bar
    is shown.
    """

    def __init__(self, label: str):
        self._label = label
        self._bar: ProgressBar[Any] | None = None
        self._reached = 0

    def __call__(self, position: int, last: int) -> None:
        if self._bar is None:
            if position >= last or not terminal.is_terminal(sys.stderr):
                return
            self._bar = click.progressbar(length=last, label=self._label, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(position - self._reached)
        self._reached = position
        if position >= last:
            self.close()

    def close(self) -> None:
        """End the line."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
            self._reached = 0
