"""Whether an API keeps to its OpenAPI document, as schemathesis sees it.

It runs as a process: as a plugin of pytest it costs every test run half a second, and does not
yet know the latest pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.examples import NIGHTLY, TIMES, turns

ROOT = Path(__file__).parents[2]

# A request for a later position waits for it, and a stream of new records never ends: both are
# tested elsewhere.
SETTINGS = """
hooks = "tests.web.json_lines"

[parameters]
"query.at_least" = 1

[[operations]]
include-path = "/api/follow"
enabled = false

# The edges of all types of record are tens of thousands of requests, which a reader may not send.
[[operations]]
include-method = "POST"
phases.coverage.enabled = false
"""

# Random requests for each operation, beside the values at the edges.
EXAMPLES = turns(1, 20)

# No 500, and no answer of a status, a kind or a shape that the document does not give.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def keep_to(document: str, directory: Path, token: str = "") -> None:
    """Ask all operations of the document at that address; raises with what they answered wrong.

    For each operation the values at the edges of what the document allows are tried, those just
    beyond, and one other by chance; nightly, many others.
    Operations that the document links are also called one after another. Requests carry the
    token, if there is one. Whatever is written on the way is written in the directory.
    """
    settings = directory / "schemathesis.toml"
    settings.write_text(SETTINGS)
    words = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings)),
        *("run", document),
        *("--checks", ",".join(CHECKS)),
        *("--max-examples", str(EXAMPLES * TIMES)),
        *(["--generation-database", "none"] if NIGHTLY else ["--generation-deterministic"]),
        *("--no-color", "--output-truncate", "true", "--warnings", "off"),
        *(("--header", f"Authorization: Bearer {token}") if token else ()),
    ]
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, capture_output=True, text=True, cwd=directory, timeout=1800, env=found
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
