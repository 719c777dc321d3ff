"""The entities that records name."""

from __future__ import annotations

from timeline.projections.entities import EntitiesAnswer, EntityJson
from timeline.projections.positions import written
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, count

_KINDS = {
    None: "entities",
    "person": "people",
    "organisation": "organisations",
    "product": "products",
    "place": "places",
}


def show(answer: EntitiesAnswer, words: Words) -> None:
    """Print the entities, each with its names and its records."""
    query, kinds = answer["query"], _KINDS[answer["kind"]]
    title = f"All {kinds}" if query is None else f"{kinds.capitalize()} like “{query}”"
    say(safe(title), hang=2, bold=True)
    say(words.known(answer), dim=True)
    say()
    for entry in answer["entities"]:
        _show_entity(entry)
    if not answer["entities"]:
        say("no entities found", dim=True)


def _show_entity(entry: EntityJson) -> None:
    kind = entry["kind"]
    article = "an" if kind == "organisation" else "a"
    what = f", {article} {kind}" if kind else ""
    say(safe(f"{entry['slug']}{what}"), hang=2, bold=True)
    if entry["names"]:
        say(safe(f"goes by {_listed(entry['names'])}"), indent=2, hang=2)
    if entry["other_slugs"]:
        others = _listed(entry["other_slugs"])
        merges = ", ".join(entry["merged_by"])
        verb = "is" if len(entry["other_slugs"]) == 1 else "are"
        say(safe(f"{others} {verb} the same (same-entity {merges})"), indent=2, hang=2)
    if entry.get("match") == "close":
        say(safe(f"“{entry['matched']}” is spelled similarly"), indent=2, hang=2, fg="yellow")
    say(_named(entry), indent=2, hang=2, dim=True)


def _named(entry: EntityJson) -> str:
    """Such as "named by 7 events, at @71 to @120"."""
    number, first, last = entry["events"], entry["first"], entry["last"]
    if first is None or last is None:
        return "no event names it"
    where = written(first) if first == last else f"{written(first)} to {written(last)}"
    return f"named by {count(number, 'event')}, at {where}"


def _listed(texts: list[str]) -> str:
    """Texts as a list: one, two and three."""
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last
