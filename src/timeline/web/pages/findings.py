"""Links from a finding's command to the form that does the same."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from urllib.parse import quote, urlencode

# The commands that amend an event, and the type of record that each appends.
AMENDING = {
    "correct": "correction",
    "retract": "retraction",
    "restore": "restoration",
    "confirm": "confirmation",
    "dispute": "dispute",
    "conflict": "conflict",
    "resolve": "resolution",
}


def settling(command: str, accounts: Iterable[str] = ()) -> str | None:
    """The path of the form with a command's arguments filled in; None for other commands.

    Placeholders in capitals, for the editor to replace, are left out. If no account is chosen yet,
    the form gets all of `accounts`.
    """
    words = shlex.split(command)
    if len(words) < 3 or words[0] != "timeline":
        return None
    verb, *rest = words[1:]
    if verb == "append":
        path = f"/append/{quote(rest.pop(0), safe='')}"
    elif verb in AMENDING:
        path = f"/amend/{AMENDING[verb]}"
    else:
        return None
    named, given = _parted(rest)
    if verb in AMENDING:
        known = [each for each in named if not _is_blank(each)]
        ids = [each for each in known if verb != "correct" or each == named[0]]
        if verb == "resolve" and not ids:
            given = [("with", each) for each in accounts]
        elif ids:
            path += f"/{quote(ids[0], safe='')}"
        given += [("with", each) for each in ids[1:]]
    pairs = [(name, value) for name, value in given if not _is_blank(value)]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _parted(words: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The arguments among some words, and the options with their values."""
    named: list[str] = []
    given: list[tuple[str, str]] = []
    waiting = iter(words)
    for word in waiting:
        if word.startswith("--"):
            given.append((word.removeprefix("--").replace("-", "_"), next(waiting, "")))
        else:
            named.append(word)
    return named, given


def _is_blank(word: str) -> bool:
    return word.isupper() and word.isalpha()
