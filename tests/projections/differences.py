"""Asking for differences, and what makes them."""

from __future__ import annotations

from tests import views


def amendment(type, **fields):
    return {"story": "story", "type": type, "reason": "the desk erred", **fields}


def diff(newsroom, known=(None, None), of=("2030", "2030"), entity=None, story=None):
    was, now = (
        newsroom.basis(as_of, None if position is None else str(position))
        for as_of, position in zip(of, known, strict=True)
    )
    return views.diff(newsroom, was, now, entity, story)
