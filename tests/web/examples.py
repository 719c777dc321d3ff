"""The answers that the document of the API shows: what each was asked by.

python -m tests.web.examples        asks them all again, and keeps the answers
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.running import inside
from timeline.render.json_output import json_text
from timeline.web.openapi.examples import DIRECTORY

STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"

HEAD = "as_known=213"
EXAMPLES = {
    "snapshot": f"/api/snapshot/lin-junyang?as_of=2026-03-04&{HEAD}",
    "map": f"/api/map/lin-junyang?{HEAD}",
    "holders": f"/api/holders/tongyi-lab?role=head&{HEAD}",
    "chronology": f"/api/chronology/qwen?as_of=2023-08-10&{HEAD}",
    "chronology-of-entity": f"/api/chronology?entity=qwen-image&as_of=2026-04-30&{HEAD}",
    "why": f"/api/why/qwen-image?as_of=2025-08-05&{HEAD}",
    "why-property": f"/api/why/lin-junyang/member-of?as_of=2026-03-04&{HEAD}",
    "diff": "/api/diff?as_known=28..29&as_of=2025-08-05",
    "diff-of-entity": f"/api/diff/lin-junyang?as_of=2026-03-01..2026-03-05&{HEAD}",
    "replay": f"/api/replay?from=28&limit=2&as_of=2025-08-05&{HEAD}",
    "check": f"/api/check?only=stale-question&as_of=2026-04-30&{HEAD}",
    "log": f"/api/log?from=28&limit=2&{HEAD}",
    "show": f"/api/show/qwen-image-report-published?as_of=2025-08-05&{HEAD}",
    "entities": f"/api/entities?query=lin&{HEAD}",
    "when": "/api/when?expression=1984~",
    "status": "/api/status",
    "verify": "/api/verify",
}

# What differs from one machine to the next, or with each version.
VARIES = ("log", "bytes", "sqlite", "timeline", "projections")


def story_in(directory: Path) -> Path:
    """A newsroom that holds the shipped story."""
    done = inside(None, "init", directory, "--name", "demo")
    assert done.code == 0, done.err
    done = inside(directory, "import", STORY)
    assert done.code == 0, done.err
    return directory


if __name__ == "__main__":
    from tests.web.rooms import asking

    with tempfile.TemporaryDirectory() as scratch, asking(story_in(Path(scratch) / "demo")) as ask:
        for name, asked in EXAMPLES.items():
            answer = ask(asked)
            assert answer.status_code == 200, answer.text
            told = {"asked": asked, "answer": json.loads(answer.text)}
            if name == "status":
                told["answer"]["log"] = "log.sqlite"
            (DIRECTORY / f"{name}.json").write_text(f"{json_text(told)}\n")
