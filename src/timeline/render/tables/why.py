"""Why each statement holds, as a tree of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import click

from timeline import temporal
from timeline.projections.accounts import CitationJson
from timeline.projections.positions import written
from timeline.projections.provenance import (
    AmendmentJson,
    FullAccountJson,
    OrderJson,
    ShortAccountJson,
)
from timeline.projections.why import (
    EndedWhyJson,
    HeldWhyJson,
    NeverCountedJson,
    SameAsJson,
    WhyAnswer,
)
from timeline.render.tables.check import show_finding
from timeline.render.tables.parts import CERTAIN, POSSIBLE, safe_statement, show_basis
from timeline.render.terminal import columns, safe, say, style, wrapped
from timeline.render.wording import (
    NOT_RULED_OUT,
    Words,
    count,
    is_not_ruled_out,
    plain,
    said_amending,
    said_bounds,
    said_role,
)
from timeline.temporal.wording import said_date, said_dated, said_duration

# The most ended statements shown; JSON has all.
ENDED = 10

Explained = HeldWhyJson | EndedWhyJson | NeverCountedJson


class Branch(NamedTuple):
    """A node of a tree: a title, details, and branches."""

    title: str
    details: Sequence[str] = ()
    branches: Sequence[Branch] = ()


def show(answer: WhyAnswer, words: Words) -> None:
    """Print each statement with the records behind it."""
    say(safe(" ".join(filter(None, [answer["entity"], answer["property"]]))), bold=True)
    show_basis(answer, words)
    for entity in answer["same_as"]:
        _show_same(entity, words)
    entries = sorted(answer["statements"], key=is_not_ruled_out)
    first_apart = next(filter(is_not_ruled_out, entries), None)
    for entry in entries:
        certain = entry["certainty"] == "certain"
        say()
        if entry is first_apart:
            say(NOT_RULED_OUT, bold=True)
        _show_tree(
            Branch(safe_statement(entry), list(_details(entry)), _accounts(entry, words)),
            CERTAIN if certain else POSSIBLE,
            fg=None if certain else "yellow",
        )
    if not answer["statements"]:
        say()
        say("no statement holds", dim=True)
    ended = answer["ended"]
    _show_section("No longer", ended[:ENDED], words)
    if more := len(ended[ENDED:]) + answer["ended_left_out"]:
        hint = "" if answer["property"] else "; name a PROPERTY to see fewer"
        say()
        say(f"and {count(more, 'older statement')} that ended before{hint}", dim=True)
    _show_section("Not counted", answer["not_counted"], words)
    if answer["findings"]:
        say()
    for finding in answer["findings"]:
        show_finding(finding)


def _show_section(title: str, entries: Sequence[Explained], words: Words) -> None:
    if entries:
        say()
        say(title, bold=True)
    for entry in entries:
        say()
        branch = Branch(safe_statement(entry), list(_details(entry)), _accounts(entry, words))
        _show_tree(branch, "×", dim=True)


def _show_same(entity: SameAsJson, words: Words) -> None:
    others = [slug for slug in entity["slugs"] if slug != entity["entity"]]
    verb = "is" if len(others) == 1 else "are"
    say(safe(f"{' and '.join(others)} {verb} the same as {entity['entity']}"), hang=2)
    for merge in entity["because"]:
        text = f"{merge['id']}, {words.signed(merge)}: “{merge['reason']}”"
        say(safe(text), indent=2, hang=2, dim=True)


def _details(entry: Explained) -> Iterator[str]:
    accounts = [each for behind in _by_role(entry).values() for each in behind]
    dates = [temporal.read(each["when"], each["zone"]) for each in accounts if each["when"]]
    said = []
    if "since" in entry and (since := entry["since"]):
        said.append(f"since {said_bounds(since, dates)}")
    if "until" in entry and (until := entry["until"]):
        said.append(f"until {said_bounds(until, dates)}")
    if "sources" in entry:
        said += [entry["standing"], count(entry["sources"], "independent source")]
    yield safe(entry["explanation"])
    if said:
        text = "; ".join(said)
        yield safe(text[:1].upper() + text[1:])


def _by_role(entry: Explained) -> dict[str, list[FullAccountJson]]:
    """The events behind a statement by their role, in the order in which they are shown."""
    found = {"begun_by": entry["begun_by"]}
    if "certainty" in entry:
        found["may_have_ended_it"] = entry.get("may_have_ended_it", [])
        found["will_end_it"] = entry.get("will_end_it", [])
    if "ended_by" in entry:
        found["ended_by"] = entry["ended_by"]
    if "not_counted" in entry:
        found["not_counted"] = entry["not_counted"]
    return found


def _accounts(entry: Explained, words: Words) -> list[Branch]:
    seen: set[str] = set()
    return [
        _account(each, said_role(role, entry, each), words, seen)
        for role, behind in _by_role(entry).items()
        for each in behind
    ]


def _account(account: FullAccountJson, role: str, words: Words, seen: set[str]) -> Branch:
    """One event: its headline, sources and amendments, and the other accounts of it."""
    if account["id"] in seen:
        return Branch(_title(account, role), ["the same record as above"])
    seen.add(account["id"])
    branches = [_amendment(each, account["id"], words) for each in account["amendments"]]
    for other in account["agreeing"]:
        branches.append(_beside(other, "Told alike", words))
    for rival in account["rivals"]:
        branches.append(_beside(rival, "Rival account", words))
    for other in account["dissent"]:
        branches.append(_beside(other, "Dissent, not counted", words))
    return Branch(_title(account, role), list(_sourced(account, words, account["order"])), branches)


def _beside(account: ShortAccountJson, role: str, words: Words) -> Branch:
    return Branch(_title(account, role), list(_sourced(account, words)))


def _title(account: ShortAccountJson, role: str) -> str:
    return safe(f"{role}: {account['headline']} ({account['id']}, {written(account['position'])})")


def _sourced(
    account: ShortAccountJson, words: Words, order: Sequence[OrderJson] = ()
) -> Iterator[str]:
    recorded = f"Recorded {words.signed(account)}; {_dated(account, order)}"
    if account["standing"] != "reported":
        recorded += f"; {account['standing']}"
    yield safe(recorded)
    for citation in account["sources"]:
        yield from _source(citation, account["zone"])


def _dated(account: ShortAccountJson, order: Sequence[OrderJson]) -> str:
    own = account["when"] and said_dated({"when": account["when"]}, account["zone"])
    parts = [f"dated {own}" if own else "without a date of its own"]
    for link in order:
        within = f" (within {said_duration(link['within'])})" if "within" in link else ""
        by = f", as {link['by']} says" if "by" in link else ""
        known = ""
        if "presupposed" in link:
            known = ", which presupposes it"
            if link["relation"] == "after":
                known = ", which it presupposes"
        parts.append(f"{link['relation']} {link['id']}{within}{by}{known}")
    return "; ".join(parts)


def _source(citation: CitationJson, zone: str) -> Iterator[str]:
    """One citation: X, “Post”, 3 March 2026: “stepping down”; and its URL."""
    parts = [citation.get("publisher"), citation.get("title")]
    if "published" in citation:
        parts.append(f"published {said_date(temporal.read(citation['published'], zone))}")
    parts.append(citation.get("locator"))
    said = "Source: " + ", ".join(filter(None, parts)) if any(parts) else "Source"
    if "via" in citation:
        said += f", from {citation['via']}"
    if "attribution" in citation:
        said += f", according to {citation['attribution']}"
    if "quote" in citation:
        said += f": “{citation['quote']}”"
    yield safe(said)
    if "url" in citation:
        yield safe(citation["url"])


def _amendment(amendment: AmendmentJson, event: str, words: Words) -> Branch:
    """What an amendment did to an event: Corrected by asia-desk: role was lead, now chief."""
    changes = [
        f"{field}: {plain(each['old'])} → {plain(each['new'])}"
        for field, each in amendment.get("changes", {}).items()
    ]
    title = f"{said_amending(amendment, event)} {words.signed(amendment)}"
    if amendment["reason"]:
        title += f": “{amendment['reason']}”"
    name = f"({amendment['id']}, {written(amendment['position'])})"
    return Branch(safe(f"{title} {name}"), [safe(each) for each in changes])


def _show_tree(root: Branch, mark: str, **how: Any) -> None:
    """Print a tree under a mark such as ●, wrapped; `how` is the style of the title."""
    for number, line in enumerate(_drawn(root, f"{mark} ", "")):
        click.echo(style(line, **how) if number == 0 else line)


def _drawn(branch: Branch, first: str, rest: str) -> Iterator[str]:
    """The lines of a branch: the first after the prefix `first`, all others after `rest`."""
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
