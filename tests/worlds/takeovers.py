"""Random logs of one firm, so that many sets of one property meet."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rooms import event
from tests.worlds.logs import dates


@st.composite
def takeovers(draw):
    """A firm that is sold over and over, as some say; what they say is amended, or in order."""
    records = []
    for number in range(draw(st.integers(4, 14))):
        into = draw(st.sampled_from(["north", "north", "south", "east"]))
        sold = {"subject": "firm", "property": "part-of"}
        merged = {"type": "merged", "into": into}
        forms = [
            {**merged, "organisations": ["firm"]},
            {**merged, "organisations": ["firm", "twin"]},
            {**sold, "type": "became", "value": into},
            {**sold, "type": "ended", "value": into},
            {**sold, "type": "ended"},
        ]
        record = event(when=draw(dates()), id=f"r{number}", **draw(st.sampled_from(forms)))
        if records and draw(st.integers(0, 4)) == 0:
            record["after"] = [{"id": records[-1]["id"]}]
        records.append(record)
    for id in draw(st.lists(st.sampled_from([each["id"] for each in records]), max_size=3)):
        changes = {"type": "correction", "corrects": id, "changes": {"when": draw(dates())}}
        amendment = draw(st.sampled_from([changes, {"type": "dispute", "disputes": id}]))
        records.append({"story": "story", "reason": "A slip.", **amendment})
    return records
