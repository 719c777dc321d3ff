"""The map of an entity: what was known of each statement, and when."""

from __future__ import annotations

from itertools import groupby

from timeline.projections.map import HeldAreaJson, MapAnswer
from timeline.projections.positions import written
from timeline.render.tables.parts import CERTAIN, POSSIBLE, safe_statement
from timeline.render.terminal import safe, say
from timeline.render.wording import Words


def show(answer: MapAnswer, words: Words) -> None:
    """Print each statement with its areas, by when it was known."""
    say(safe(answer["entity"]), bold=True)
    say(words.known(answer), dim=True)
    if not answer["complete"]:
        say(f"known only from {written(answer['from'])} on", dim=True)
    for entry in answer["statements"]:
        say()
        say(safe_statement(entry), hang=2)
        for known, areas in groupby(entry["areas"], key=lambda area: area["known"]):
            say(_said_known(known), indent=2, hang=2, dim=True)
            for area in areas:
                _show_area(area, words)
    if not answer["statements"]:
        say()
        say("no statement ever held", dim=True)
    listed = len(answer["comments"]), len(answer["questions"])
    if any(listed):
        say()
        say("comments: {}; questions: {}".format(*listed), dim=True)
    if answer["statements"]:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _show_area(area: HeldAreaJson, words: Words) -> None:
    since, until = (side and words.recorded(side) for side in area["valid"])
    if since is not None and since == until:
        # The microsecond between a beginning and a possible end at one instant.
        return
    mark = CERTAIN if area["certainty"] == "certain" else POSSIBLE
    standing = "" if area["standing"] == "reported" else f"; {area['standing']}"
    say(f"{mark} {_said_valid(since, until)}{standing}", indent=4, hang=2)


def _said_known(known: list[int | None]) -> str:
    first, last = (None if side is None else written(side) for side in known)
    return f"known from {first} on" if last is None else f"known from {first} up to {last}"


def _said_valid(since: str | None, until: str | None) -> str:
    if since is None:
        return "at any time" if until is None else f"up to {until}"
    return f"from {since} on" if until is None else f"from {since} up to {until}"
