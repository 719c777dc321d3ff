"""Whether a log is intact: it is read in full, and every record is validated again."""

from __future__ import annotations

from timeline.errors import StoreError
from timeline.log.protocol import RecordLog
from timeline.projections.verify import InvalidRecordJson
from timeline.records import jsonl
from timeline.records.record import Entry
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary


def verify(log: RecordLog, vocabulary: Vocabulary) -> list[InvalidRecordJson]:
    """What is wrong with a log: positions, times, versions, or records that are not valid."""
    findings: list[InvalidRecordJson] = []
    versions: dict[str, int] = {}
    position, recorded_at = 0, None
    for entry in log.entries():
        messages = _record_problems(entry, vocabulary)
        if entry.position != position + 1:
            messages.append(f"follows position {position}: there is a gap")
        if recorded_at is not None and entry.recorded_at < recorded_at:
            messages.append("was recorded before the record in front of it")
        if entry.version != versions.get(entry.story, 0) + 1:
            messages.append(f"is version {entry.version} of {entry.story}, out of turn")
        messages += _index_problems(entry, log, vocabulary)
        position, recorded_at = entry.position, entry.recorded_at
        versions[entry.story] = entry.version
        findings += [{"position": entry.position, "message": message} for message in messages]
    return findings


def _index_problems(entry: Entry, log: RecordLog, vocabulary: Vocabulary) -> list[str]:
    """Whether a record is found by its id, and an amendment by each event that it names."""
    messages = []
    try:
        record = jsonl.decode(entry, vocabulary)
        found = log.find(record.id)
        if found is None or found.position != entry.position:
            messages.append(f"is not found by its id {record.id!r}")
        for id in record.amends:
            target = log.find(id)
            if target is None or target.position > entry.position:
                messages.append(f"amends {id!r}, which is not recorded before it")
            elif entry.position not in [each.position for each in log.amendments_of(id)]:
                messages.append(f"is not found by what it amends, {id!r}")
    except StoreError:
        return []
    return messages


def _record_problems(entry: Entry, vocabulary: Vocabulary) -> list[str]:
    try:
        record = jsonl.decode(entry, vocabulary)
    except StoreError as error:
        return [str(error)]
    found = validate(record.content, vocabulary, limited=())
    if isinstance(found, list):
        return [str(problem) for problem in found]
    return [] if jsonl.encode(found.content) == entry.state else ["is not in canonical form"]
