"""Why each statement holds, as a tree, for people."""

from __future__ import annotations

from collections.abc import Iterator

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.render.tables.check import show_finding
from timeline.render.tables.tree import Branch, show_tree
from timeline.render.tables.view import View
from timeline.render.tables.words import CERTAIN, POSSIBLE, safe_statement, show_basis
from timeline.render.terminal import safe, say
from timeline.render.wording import (
    ROLES,
    count,
    local,
    plain,
    said_amending,
    said_bounds,
    said_date,
    said_dated,
    said_role,
)
from timeline.temporal.wording import said_duration

# So many of what has ended are shown; JSON has all.
ENDED = 10


def show_why(answer: Answer, view: View) -> None:
    """Each statement with the records behind it."""
    say(safe(" ".join(filter(None, [answer["entity"], answer["property"]]))), bold=True)
    show_basis(answer, view)
    for entity in answer["same_as"]:
        _show_same(entity, view)
    for entry in answer["statements"]:
        certain = entry["certainty"] == "certain"
        say()
        show_tree(
            Branch(safe_statement(entry), list(_details(entry)), _accounts(entry, view)),
            CERTAIN if certain else POSSIBLE,
            fg=None if certain else "yellow",
        )
    if not answer["statements"]:
        say()
        say("no statement holds", dim=True)
    ended = answer["ended"]
    _show_section("No longer", ended[:ENDED], view)
    if more := len(ended[ENDED:]) + answer["ended_left_out"]:
        hint = "" if answer["property"] else "; name a PROPERTY to see fewer"
        say()
        say(f"and {count(more, 'older statement')} that ended before{hint}", dim=True)
    _show_section("Not counted", answer["not_counted"], view)
    if answer["findings"]:
        say()
    for finding in answer["findings"]:
        show_finding(finding)


def _show_section(title: str, entries: list[Answer], view: View) -> None:
    if entries:
        say()
        say(title, bold=True)
    for entry in entries:
        say()
        branch = Branch(safe_statement(entry), list(_details(entry)), _accounts(entry, view))
        show_tree(branch, "×", dim=True)


def _show_same(entity: Answer, view: View) -> None:
    others = [slug for slug in entity["slugs"] if slug != entity["entity"]]
    verb = "is" if len(others) == 1 else "are"
    say(safe(f"{' and '.join(others)} {verb} the same as {entity['entity']}"), hang=2)
    for merge in entity["because"]:
        text = f"{merge['id']}, {_act(merge, view)}: “{merge['reason']}”"
        say(safe(text), indent=2, hang=2, dim=True)


def _details(entry: Answer) -> Iterator[str]:
    accounts = [each for role in ROLES for each in entry.get(role, ())]
    dates = [temporal.read(each["when"], each["zone"]) for each in accounts if each["when"]]
    said = []
    for side in ("since", "until"):
        if entry.get(side):
            said.append(f"{side} {said_bounds(entry[side], dates)}")
    if "sources" in entry:
        said += [entry["standing"], count(entry["sources"], "independent source")]
    yield safe(entry["explanation"])
    if said:
        text = "; ".join(said)
        yield safe(text[:1].upper() + text[1:])


def _accounts(entry: Answer, view: View) -> list[Branch]:
    seen: set[str] = set()
    return [
        _account(each, said_role(key, entry, each), view, seen)
        for key in ROLES
        for each in entry.get(key, ())
    ]


def _account(account: Answer, role: str, view: View, seen: set[str]) -> Branch:
    """One event: what it says, who said so, what was made of it, and what stands beside it."""
    if account["id"] in seen:
        return Branch(_title(account, role), ["the same record as above"])
    seen.add(account["id"])
    branches = [_amendment(each, account["id"], view) for each in account["amendments"]]
    for rival in account["rivals"]:
        branches.append(_beside(rival, "Rival account", view))
    for other in account["dissent"]:
        branches.append(_beside(other, "Dissent, not counted", view))
    return Branch(_title(account, role), list(_told(account, view)), branches)


def _beside(account: Answer, role: str, view: View) -> Branch:
    return Branch(_title(account, role), list(_told(account, view)))


def _title(account: Answer, role: str) -> str:
    return safe(f"{role}: {account['headline']} ({account['id']}, position {account['position']})")


def _told(account: Answer, view: View) -> Iterator[str]:
    recorded = f"Recorded {_act(account, view)}; {_dated(account)}"
    if account["standing"] != "reported":
        recorded += f"; {account['standing']}"
    yield safe(recorded)
    for citation in account["sources"]:
        yield from _source(citation, account["zone"])


def _dated(account: Answer) -> str:
    own = account["when"] and said_dated({"when": account["when"]}, account["zone"])
    parts = [f"dated {own}" if own else "without a date of its own"]
    for link in account.get("order", ()):
        within = f" (within {said_duration(link['within'])})" if "within" in link else ""
        by = f", as {link['by']} says" if "by" in link else ""
        parts.append(f"{link['relation']} {link['id']}{within}{by}")
    return "; ".join(parts)


def _source(citation: dict[str, str], zone: str) -> Iterator[str]:
    """One citation: X, “Post”, 3 March 2026: “stepping down”, and where it is."""
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


def _amendment(amendment: Answer, event: str, view: View) -> Branch:
    """What was made of an event: Corrected by asia-desk: role was lead, now chief. “typo”"""
    changes = [
        f"{field}: {plain(each['old'])} → {plain(each['new'])}"
        for field, each in amendment.get("changes", {}).items()
    ]
    title = f"{said_amending(amendment, event)} {_act(amendment, view)}"
    if amendment["reason"]:
        title += f": “{amendment['reason']}”"
    name = f"({amendment['id']}, position {amendment['position']})"
    return Branch(safe(f"{title} {name}"), [safe(each) for each in changes])


def _act(record: Answer, view: View) -> str:
    """By whom, and when."""
    when = local(temporal.parse_instant(record["recorded_at"]), view.settings.zone)
    return f"{when}, by {record['recorded_by'] or 'somebody'}"
