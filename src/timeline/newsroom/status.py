"""The state of a newsroom: its log, its index, and what somebody should look at."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from timeline import __version__, temporal
from timeline.errors import InputError
from timeline.newsroom.clock import future_head
from timeline.records.settings import CONFIG, settings_from

if TYPE_CHECKING:
    from timeline.index.rows import Checkpoint
    from timeline.log.protocol import RecordLog, StorageInfo
    from timeline.newsroom.newsroom import Newsroom
    from timeline.projections.status import IndexProgressJson, StatusAnswer
    from timeline.records.settings import Settings


def status(newsroom: Newsroom) -> StatusAnswer:
    """The state of a newsroom."""
    store, settings = newsroom.store, newsroom.settings
    head, facts = store.head(), store.facts()
    checkpoint = newsroom.index.checkpoint() if newsroom.index else None
    found: StatusAnswer = {
        "newsroom": settings.name,
        "zone": settings.zone,
        "head": head.position,
        "recorded_at": (
            None if head.recorded_at is None else temporal.format_instant(head.recorded_at)
        ),
        "stories": newsroom.stories(),
        "log": facts.where,
        "bytes": facts.size,
        "projections": [_index_status(checkpoint, head.position)],
        "timeline": __version__,
    }
    if facts.software == "SQLite":
        found["sqlite"] = facts.version
    else:
        found["postgresql"] = facts.version
    ahead = future_head(store, newsroom.now)
    warnings = [
        *_permission_warnings(facts),
        *([] if ahead is None else [ahead]),
        *_index_warnings(checkpoint, store),
        *_settings_warnings(store, settings),
    ]
    if warnings:
        found["warnings"] = warnings
    return found


def _index_status(checkpoint: Checkpoint | None, head: int) -> IndexProgressJson:
    """How far the index is behind the log."""
    from timeline.index.effects_index import NAME, VERSION

    return {
        "projection": NAME,
        "version": VERSION,
        "checkpoint": checkpoint.position if checkpoint else None,
        "lag": max(0, head - (checkpoint.position if checkpoint else 0)),
        "problem": _problem_of(checkpoint) if checkpoint else None,
    }


def _problem_of(checkpoint: Checkpoint) -> str | None:
    if not checkpoint.unreadable:
        return None
    first = f"the first at position {checkpoint.unreadable}"
    return f"records that cannot be read are left out, {first}: `timeline verify` lists them"


def _permission_warnings(facts: StorageInfo) -> Iterator[str]:
    """Whether every user of this machine can read a log file."""
    file = Path(facts.where)
    if os.name == "nt" or facts.software != "SQLite" or not file.is_file():
        return
    if file.stat().st_mode & 0o004 and file.parent.stat().st_mode & 0o001:
        yield f"every user of this machine can read {file}: chmod -R o-rwx {file.parent}"


def _index_warnings(checkpoint: Checkpoint | None, log: RecordLog) -> Iterator[str]:
    """Whether the index was made from this log."""
    from timeline.index.catch_up import anchor_of

    if checkpoint is None or anchor_of(log, checkpoint.position) == checkpoint.anchor:
        return
    head = log.head().position
    if checkpoint.position <= head:
        yield f"the index was made from another log: record {checkpoint.position} differs"
        return
    yield (
        f"the log ends at {head}, before record {checkpoint.position}, which was read of it: this "
        "is an older copy, or one without its write-ahead log (log.sqlite-wal)"
    )


def _settings_warnings(log: RecordLog, settings: Settings) -> Iterator[str]:
    """Whether the log was written with the settings that it is read with."""
    if (kept := log.settings()) is None:
        return
    try:
        written = settings_from(json.loads(kept.text), "", Path(CONFIG))
    except InputError:
        return
    if written.zone != settings.zone:
        yield (
            f"{CONFIG} says the zone {settings.zone}, and the log was last written in "
            f"{written.zone}; the next append keeps {settings.zone}"
        )
    elif written.fingerprint() != settings.fingerprint():
        yield f"{CONFIG} has other types than the log keeps; the next append keeps its types"
