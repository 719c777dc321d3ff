"""What is left to settle."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import groupby

import click

from timeline import temporal
from timeline.projections.accounts import CitationJson
from timeline.projections.check import CheckAnswer, Finding
from timeline.projections.checks.reach import Unattested
from timeline.projections.checks.statements import SingleSource
from timeline.render.tables.parts import safe_statement, show_basis
from timeline.render.terminal import columns, safe, say
from timeline.render.wording import TITLES, Words, author, count
from timeline.temporal.wording import said_day_of

# The commands that settle findings of which there may be many, so that each takes a line.
_EACH = {
    "single-source": "timeline confirm ID --source URL --reason WHY",
    "unattested": "timeline confirm ID --publisher PUBLISHER --published DATE",
}


def show(answer: CheckAnswer, words: Words) -> None:
    """Print the findings, kind by kind, each with what would settle it."""
    about = {"story": answer["story"], "entity": answer["entity"]}
    subject = ", ".join(f"{name} {slug}" for name, slug in about.items() if slug)
    say(safe(subject or words.settings.name), bold=True)
    show_basis(answer, words)
    say()
    findings = answer["findings"]
    if not findings:
        say("nothing to settle")
        return
    for kind, found in groupby(findings, key=lambda each: str(each["kind"])):
        say(f"{TITLES[kind]} ({kind})", bold=True)
        if kind in _EACH:
            _show_command("settle each", _EACH[kind])
        for each in found:
            if each["kind"] == "single-source":
                _show_single_source(each)
            elif each["kind"] == "unattested":
                _show_unattested(each, words)
            else:
                show_finding(each)
        say()
    counts = ", ".join(f"{number:,} {kind}" for kind, number in answer["counts"].items())
    say(f"{count(len(findings), 'finding')}: {counts}")


def show_finding(finding: Finding) -> None:
    """Print one finding: what is wrong, who says what, and the command that would settle it."""
    message = safe(finding["message"])
    say(f"● {message[:1].upper()}{message[1:]}", hang=2)
    for line in _accounts_of(finding):
        say(safe(line), indent=2, hang=2, dim=True)
    _show_command("settle", finding["settle"])
    if "alternative" in finding:
        _show_command("or", finding["alternative"])


def _accounts_of(finding: Finding) -> Iterator[str]:
    """Who says what in each account, and who questioned it and why."""
    if finding["kind"] == "contradictory-dates":
        for dated in finding["accounts"]:
            origins = dict.fromkeys(map(_origin, dated["sources"]))
            yield f"{dated['id']}: {'; '.join(origins)}"
    elif finding["kind"] == "chosen-retracted" or finding["kind"] == "unresolved-conflict":
        for account in finding["accounts"]:
            sources = count(account["sources"], "independent source")
            recorded = f"recorded by {author(account['recorded_by'])}"
            yield f"{account['id']}: {sources}; {account['standing']}; {recorded}"
    if finding["kind"] == "unresolved-conflict" or finding["kind"] == "corrected-often":
        for each in finding["reasons"]:
            yield f"{each['id']}, by {author(each['recorded_by'])}: “{each['reason']}”"


def _origin(citation: CitationJson) -> str:
    """A citation in a few words."""
    parts = [citation.get("publisher"), citation.get("title")]
    said = ", ".join(part for part in parts if part) or citation["url"]
    return f"{said}: “{citation['quote']}”" if "quote" in citation else said


def _show_single_source(finding: SingleSource) -> None:
    mark = "" if finding["certainty"] == "certain" else " (possibly)"
    text = f"{safe_statement(finding['statement'])}{mark}: {finding['source']}"
    say(safe(f"● {text}; {', '.join(finding['records'])}"), hang=2)


def _show_unattested(finding: Unattested, words: Words) -> None:
    last = said_day_of(temporal.parse_instant(finding["attested"]), words.zone)
    text = f"{safe_statement(finding['statement'])}: last attested on {last}"
    say(safe(f"● {text}; {', '.join(finding['records'])}"), hang=2)


def _show_command(label: str, command: str) -> None:
    """Print a command that can be pasted into a shell, wrapped over several lines."""
    lines = [f"  {label}:"]
    for part in _parts(shlex.split(safe(command))):
        if len(lines[-1]) + len(part) + 3 > columns() and lines[-1].strip():
            lines.append("   ")
        lines[-1] += f" {part}"
    click.echo(" \\\n".join(lines))


def _parts(words: list[str]) -> Iterator[str]:
    """The parts of a command, with each option beside its value."""
    part: list[str] = []
    for word in words:
        if part and (word.startswith("--") or not part[0].startswith("--") or len(part) > 1):
            yield shlex.join(part)
            part = []
        part.append(word)
    yield shlex.join(part)
