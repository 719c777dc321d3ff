"""Answers as tables: readable in 80 columns, with or without colour. One file a question."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from timeline.render.wording import Words


def table_of(question: str) -> Callable[[Any, Words], None]:
    """The function that prints the answer to a question; for a listing, its entries.

    The table of the question NAME is `show` in `render/tables/NAME.py`.
    """
    show: Callable[[Any, Words], None] = import_module(f"timeline.render.tables.{question}").show
    return show
