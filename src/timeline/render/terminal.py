"""Output on a terminal: JSON for programs, text for people.

Control characters and bidirectional controls in recorded text are shown escaped, so that no
headline can move the cursor or hide a word.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable
from typing import Any, TextIO

import click

from timeline.render.json_output import UNSAFE, json_text
from timeline.render.width import NARROW, cells


def safe(text: object, keep_lines: bool = False) -> str:
    """Text in which everything that could control a terminal is escaped."""
    return UNSAFE.sub(
        lambda found: found[0] if keep_lines and found[0] == "\n" else _escaped(found[0]), str(text)
    )


def _escaped(character: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(character)
    return named.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def show_json(value: object, indent: bool = True) -> None:
    """Print one answer as JSON, indented or on one line."""
    click.echo(json_text(value, indent))


def show_json_lines(values: Iterable[object]) -> None:
    """Print one JSON value per line."""
    for value in values:
        click.echo(json_text(value, indent=False))


def complain(text: str) -> None:
    """Print an error on standard error."""
    click.echo(f"{style('Error', fg='red', err=True)}: {safe(text, keep_lines=True)}", err=True)


def note(text: str) -> None:
    """Print a remark on standard error, apart from the answer on standard output."""
    click.echo(style(safe(text), dim=True, err=True), err=True)


def style(text: str, err: bool = False, **how: Any) -> str:
    """Text in colour, if the output is a terminal and NO_COLOR is not set."""
    coloured = is_terminal(sys.stderr if err else sys.stdout) and not os.environ.get("NO_COLOR")
    return click.style(text, **how) if coloured else text


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; a stream closed before the process started is None."""
    return stream is not None and stream.isatty()


def say(text: str = "", indent: int = 0, hang: int = 0, **how: Any) -> None:
    """Print a paragraph, wrapped to the terminal, at most 100 columns."""
    lines = wrapped(text, columns() - indent, hang)
    for line in lines or [""]:
        click.echo(" " * indent + (style(line, **how) if how else line))


def columns() -> int:
    """The width to wrap text to."""
    try:
        width = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size(1).columns or 80
    except (ValueError, OSError):
        width = 80
    return max(40, min(100, width))


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """Lines no wider than `width` cells; East Asian characters take two."""
    if NARROW.fullmatch(text):
        return textwrap.wrap(text, width, subsequent_indent=" " * hang, break_on_hyphens=False)
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cells(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1].strip():
            lines.append(" " * hang)
        for character in word:
            if cells(lines[-1] + character) > width:
                lines.append(" " * hang)
            lines[-1] += character
    return lines
