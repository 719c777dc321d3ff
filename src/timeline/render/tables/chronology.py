"""What happened, in order."""

from __future__ import annotations

from itertools import groupby

from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.tables.parts import (
    CERTAIN,
    POSSIBLE,
    show_accounts,
    show_basis,
    show_decided_against,
    show_findings,
)
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, doubt, said_sources


def show(answer: ChronologyAnswer, words: Words) -> None:
    """Print what happened, in order."""
    say(safe(answer.get("title") or answer["story"] or answer["entity"] or ""), bold=True)
    if "description" in answer:
        say(safe(answer["description"]))
    show_basis(answer, words)
    say()
    for _, entries in groupby(answer["events"], key=lambda entry: entry["group"]):
        group = list(entries)
        firm = group[0]["order"] == "certain" and group[0]["certainty"] == "certain"
        when = safe(words.date(group[0]))
        mark = CERTAIN if firm else POSSIBLE
        together = f" ({len(group)} in no known order)" if len(group) > 1 else ""
        say(f"{mark} {when}{together}", hang=2, fg=None if firm else "yellow")
        for number, entry in enumerate(group):
            if number and (text := safe(words.date(entry))) != when:
                say(text, indent=2, hang=2)
            _show_entry(entry, words)
    if not answer["events"]:
        say("nothing is known to have happened", dim=True)
        return
    say()
    say(
        f"{CERTAIN} certainly after the one above  {POSSIBLE} possibly at the same time or before",
        dim=True,
    )
    show_findings(answer["findings"])


def _show_entry(entry: ChronologyEventJson, words: Words) -> None:
    say(safe(entry["headline"]), indent=2, hang=2, bold=True)
    notes = [entry["id"], said_sources(entry["sources"])]
    notes += [entry["standing"]] if entry["standing"] != "reported" else []
    notes += [f"amended by {', '.join(entry['amendments'])}"] if entry["amendments"] else []
    notes += [doubt(entry)]
    say(safe("; ".join(filter(None, notes))), indent=2, hang=2, dim=True)
    show_accounts(entry, words, indent=4)
    if "decided_against" in entry:
        show_decided_against(entry["decided_against"], words, indent=4)
