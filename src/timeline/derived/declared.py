"""All projections that a newsroom keeps."""

from __future__ import annotations

from timeline.derived.acts import ACTS

PROJECTIONS = (ACTS,)
