"""The workload *gitlog*: real commits, each of which says who last changed a part of a project.

A commit is an event of the type `became` where its title names the part it changes, as
`builtin/add: …` does, and of the type `happened` elsewhere. A commit that reverts an
earlier one is its retraction.
"""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.workload import Workload
from timeline import temporal
from timeline.records import jsonl

_BESIDE_THE_REPOSITORY = Path(__file__).parents[2] / "shared"
_PART = re.compile(r"([A-Za-z0-9_./+-]{2,40}): ")


def source() -> Path | None:
    """The commits, where they are: in `TIMELINE_SHARED`, else in `shared` beside the repository."""
    root = Path(os.environ.get("TIMELINE_SHARED") or _BESIDE_THE_REPOSITORY)
    path = root / "data" / "gitlog" / "git.jsonl.gz"
    return path if path.exists() else None


def write(path: Path, commits: Path, most: int | None = None) -> Workload:
    """Write the commits as a portable log, at most so many."""
    parts: Counter[str] = Counter()
    size = count = 0
    with path.open("wb") as file:
        for record in records(commits, most):
            count += 1
            size += file.write(jsonl.encode(record) + b"\n")
            if "subject" in record:
                parts[record["subject"]] += 1
    named = [name for name, _ in parts.most_common()]
    # The few parts that most commits touch are the hubs.
    return Workload(
        "gitlog", path, count, size, named[3:], named[:3], ("2005-05-01", "2026-01-01"), "git"
    )


def records(commits: Path, most: int | None = None) -> Iterator[dict[str, Any]]:
    """The commits as records, in the order in which they were committed."""
    with gzip.open(commits) as lines:
        found = [orjson.loads(line) for line in lines]
    found.sort(key=lambda commit: temporal.parse_instant(commit["recorded"]))
    told: set[str] = set()
    for commit in found[:most]:
        recorded = temporal.format_instant(temporal.parse_instant(commit["recorded"]))
        stamps = {"recorded_by": slug(commit["author"]), "recorded_at": recorded}
        title = commit["title"].strip() or "(no title)"
        common = {"id": commit["id"], "story": "git"}
        if (reverted := commit.get("retracts")) in told:
            told.discard(reverted)
            yield {**common, "type": "retraction", "retracts": reverted, "reason": title} | stamps
            continue
        told.add(commit["id"])
        yield {**common, **_event(commit, title)} | stamps


def slug(text: str) -> str:
    """A name as a slug."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "somebody"


def _event(commit: dict[str, Any], title: str) -> dict[str, Any]:
    author = slug(commit["author"])
    body: dict[str, Any] = {"type": "happened", "about": [author]}
    if match := _PART.match(title):
        part = "part-" + slug(match[1])
        body = {"type": "became", "subject": part, "property": "last-changed-by", "value": author}
    return {
        **body,
        "when": commit["valid"],
        "headline": title,
        "sources": [{"title": f"commit {commit['id']}", "publisher": commit["author"] or "git"}],
    }
