"""The schemas of the API: those of its requests, and those of everything it answers with."""

from __future__ import annotations

from typing import Any


def all_shapes() -> tuple[Any, ...]:
    """The types of whole answers, of questions and otherwise."""
    from timeline.projections.legend import Legend
    from timeline.projections.question import QUESTIONS, question_type
    from timeline.web.schemas.health import Health
    from timeline.web.schemas.problems import ProblemDetails

    answers = (question_type(name).answer_type() for name in QUESTIONS)
    return (*answers, Health, ProblemDetails, Legend)
