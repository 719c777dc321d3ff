"""Writes an edition into a directory: all of its files or none."""

from __future__ import annotations

from pathlib import Path

from timeline.errors import InputError, Problem, StoreError
from timeline.files import replacing
from timeline.publishing import addresses
from timeline.publishing.edition import Edition
from timeline.publishing.feeds import atom_feed, json_feed
from timeline.publishing.jsonld import json_ld
from timeline.publishing.page import (
    corrections_page,
    embed_page,
    index_page,
    snippet,
    style_sheet,
)
from timeline.publishing.timelinejs import timeline_js
from timeline.render.json_output import json_text

# Identifies an index page written by this program.
MARK = '<meta name="generator" content="timeline publish">'


def files_of(edition: Edition) -> dict[str, str]:
    """The text of each file by name. The same edition gives the same files."""
    return {
        addresses.PAGE: index_page(edition),
        addresses.CORRECTIONS: corrections_page(edition),
        addresses.EMBED: embed_page(edition),
        addresses.SNIPPET: snippet(edition),
        addresses.STYLE: style_sheet(),
        addresses.JSON_FEED: json_feed(edition),
        addresses.ATOM: atom_feed(edition),
        addresses.JSON_LD: f"{json_text(json_ld(edition))}\n",
        addresses.TIMELINE_JS: timeline_js(edition),
        addresses.ANSWER: f"{json_text(edition.answer)}\n",
    }


def refuse_foreign(directory: Path) -> None:
    """Refuse a directory with files not written by `publish`.

    Raises:
        InputError: it has such files, or is not a directory.
    """
    if not directory.exists():
        return
    hint = "choose an empty or new directory"
    if not directory.is_dir():
        raise InputError([Problem(f"{directory} is not a directory", hint, "DIR")])
    names = sorted(each.name for each in directory.iterdir())
    foreign = [each for each in names if each not in addresses.FILES]
    if names and not foreign and not _is_ours(directory / addresses.PAGE):
        foreign = names
    if foreign:
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        what = f"{directory} has files not written by `timeline publish`: {foreign[0]}{others}"
        raise InputError([Problem(what, hint, "DIR")])


def _is_ours(page: Path) -> bool:
    return page.is_file() and MARK in page.read_text("utf-8", errors="replace")


def write(edition: Edition, directory: Path) -> None:
    """Write the files into a directory, in place of those that are there.

    Raises:
        InputError: the directory has files not written by `publish`.
        StoreError: it cannot be written; its old contents are kept.
    """
    refuse_foreign(directory)
    files = files_of(edition)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with replacing(directory) as new:
            new.mkdir()
            for name, text in files.items():
                (new / name).write_bytes(text.encode())
    except OSError as error:
        raise StoreError(f"cannot write {directory}: {error.strerror or error}") from error
