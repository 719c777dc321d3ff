"""All projections that a newsroom keeps."""

from __future__ import annotations

from timeline.index.effects_index import ACTS

PROJECTIONS = (ACTS,)
