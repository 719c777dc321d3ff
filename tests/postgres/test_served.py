"""A service of a newsroom in a database: what it says is what the database says."""

from __future__ import annotations

import json
from pathlib import Path

from tests.docs.transcripts import STORY
from tests.rooms import event
from tests.running import inside, timeline
from tests.services import serving


def test_a_service_appends_to_a_database_asks_it_and_follows_it(
    database: str, tmp_path: Path
) -> None:
    room = tmp_path / "room"
    assert inside(None, "--log", database, "init", room).code == 0
    assert inside(room, "import", STORY).code == 0
    asked = ("snapshot", "qwen-team", "--as-of", "2026-03-04", "--format", "json")
    with serving(room) as service:
        before = service.asked("snapshot", "qwen-team", "--as-of", "2026-03-04")
        record = event("joined", "2026-03-01", id="x", person="li", organisation="qwen-team")
        done = service.asked("append", "--json", "-", given=json.dumps({**record, "story": "qwen"}))
        assert done.out == "appended x at @214, qwen version 214\n", done.err
        assert timeline(room, "append", "--json", "-", given=_another()).code == 0
        came = service.asked("follow", "--after", 212, "--limit", 3, "--format", "jsonl")
        assert [json.loads(line)["position"] for line in came.out.splitlines()] == [213, 214, 215]
        after = service.asked(*asked)
        assert after.out == inside(None, "--log", database, *asked).out
        assert "li" not in before.out.split() and '"li"' in after.out


def _another() -> str:
    record = event("happened", "2026-03-02", id="y", about=["qwen-team"])
    return json.dumps({**record, "story": "qwen"})
