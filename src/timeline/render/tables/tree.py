"""Trees of text, drawn with lines, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import click

from timeline.render.terminal import columns, style, wrapped


class Branch(NamedTuple):
    """A title, what else is to say of it, and what hangs on it."""

    title: str
    details: Sequence[str] = ()
    branches: Sequence[Branch] = ()


def show_tree(root: Branch, mark: str, **how: Any) -> None:
    """A tree under a mark such as ●, wrapped to the terminal; `how` is the title's style."""
    for number, line in enumerate(_drawn(root, f"{mark} ", "")):
        click.echo(style(line, **how) if number == 0 else line)


def _drawn(branch: Branch, first: str, rest: str) -> Iterator[str]:
    """The lines of a branch: the first behind `first`, all others behind `rest`."""
    trunk = rest + ("│ " if branch.branches else "  ")
    for number, line in enumerate(_lines(branch.title, trunk)):
        yield (trunk if number else first) + line
    for detail in branch.details:
        for number, line in enumerate(_lines(detail, trunk, 2)):
            yield f"{trunk}{'  ' if number else ''}{line}".rstrip()
    for number, other in enumerate(branch.branches, 1):
        last = number == len(branch.branches)
        yield from _drawn(other, rest + ("└ " if last else "├ "), rest + ("  " if last else "│ "))


def _lines(text: str, before: str, hang: int = 0) -> list[str]:
    return wrapped(text, max(20, columns() - len(before) - hang)) or [""]
