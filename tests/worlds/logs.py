"""Random small logs: happenings with imprecise dates, and amendments of them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.worlds.test_against_enumeration import reports

START = "2020-01-01T00:00:00.{:06d}Z"


@st.composite
def amended_logs(draw, least: int = 1, most: int = 9):
    """Records as `import` takes them, each at its own instant."""
    records = []
    happenings, retracted = [], set()
    for position in range(1, draw(st.integers(least, most)) + 1):
        id = f"r{position}"
        act = draw(st.sampled_from(["report", "report", "correct", "retract", "restore"]))
        target = draw(st.sampled_from(happenings)) if happenings else None
        if act == "report" or target is None:
            record, _ = draw(reports(position))
            happenings.append(id)
        elif act == "correct" and target not in retracted:
            when = draw(st.sampled_from(["2000", "1999/2001", "[1999..2000]", "2000-01-01"]))
            changes = {"headline": draw(st.sampled_from(["so", None]))}
            if "/" not in when or may_be_a_period(records, target):
                changes["when"] = when
            record = {"type": "correction", "corrects": target, "changes": changes, "reason": "r"}
        elif act == "restore":
            record = {"type": "restoration", "restores": target, "reason": "r"}
            retracted.discard(target)
        else:
            record = {"type": "retraction", "retracts": target, "reason": "r"}
            retracted.add(target)
        stamp = START.format(position // 2)
        records.append({"id": id, "story": "story", **record, "recorded_at": stamp})
    return records


def may_be_a_period(records, id):
    """Whether the happening begins something: one that only ends cannot take a period."""
    (record,) = (record for record in records if record["id"] == id)
    return record["type"] not in ("departed", "ended", "dissolved")
