"""How the program speaks: JSON for programs, text for people, and nothing that can harm.

What was recorded is shown, never obeyed: control characters, and those that turn the
direction of text, are shown escaped, so no headline can move the cursor or hide a word.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from bisect import bisect
from collections.abc import Iterable
from typing import Any, TextIO

import click

from timeline.render.json_output import UNSAFE, json_text

# Text in which every character surely takes one cell.
NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u25a0-\u25fc]*")

# Where stretches of characters that surely take two begin and end: ideographs with their
# punctuation, kana, hangul, full forms of ASCII. Anything else is measured.
WIDE = "\u3001\u302a\u3041\u3097\u30a1\u30ff\u4e00\ua000\uac00\ud7a4\uff01\uff61"


def safe(text: object, keep_lines: bool = False) -> str:
    """Text with everything that could act on a terminal written as an escape."""
    return UNSAFE.sub(
        lambda found: found[0] if keep_lines and found[0] == "\n" else _escaped(found[0]), str(text)
    )


def _escaped(character: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(character)
    return named.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def show_json(value: object, indent: bool = True) -> None:
    """One answer, indented, or on a line."""
    click.echo(json_text(value, indent))


def show_json_lines(values: Iterable[object]) -> None:
    """One answer a line."""
    for value in values:
        click.echo(json_text(value, indent=False))


def complain(text: str) -> None:
    """A line on standard error."""
    click.echo(f"{style('Error', fg='red', err=True)}: {safe(text, keep_lines=True)}", err=True)


def note(text: str) -> None:
    """A remark on standard error, which no program mistakes for an answer."""
    click.echo(style(safe(text), dim=True, err=True), err=True)


def style(text: str, err: bool = False, **how: Any) -> str:
    """Text in colour, if a person is looking at a terminal and has not set NO_COLOR."""
    colourful = is_terminal(sys.stderr if err else sys.stdout) and not os.environ.get("NO_COLOR")
    return click.style(text, **how) if colourful else text


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is there; a stream that was closed before we began is None."""
    return stream is not None and stream.isatty()


def say(text: str = "", indent: int = 0, hang: int = 0, **how: Any) -> None:
    """A paragraph for people, wrapped to the terminal, at most 100 columns."""
    lines = wrapped(text, columns() - indent, hang)
    for line in lines or [""]:
        click.echo(" " * indent + (style(line, **how) if how else line))


def columns() -> int:
    """How wide to write."""
    try:
        width = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size(1).columns or 80
    except (ValueError, OSError):
        width = 80
    return max(40, min(100, width))


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """Lines no wider than `width` cells, where East Asian characters take two."""
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


def cells(text: str) -> int:
    """How many cells of a terminal text takes."""
    others = "".join(each for each in text if bisect(WIDE, each) % 2 == 0)
    if NARROW.fullmatch(others):
        return 2 * len(text) - len(others)
    import wcwidth

    return wcwidth.wcswidth(text)
