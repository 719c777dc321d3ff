"""Positions as people type them, beside years."""

from __future__ import annotations

import pytest

from tests.rooms import event, fill, memory_newsroom, state
from timeline.errors import InputError, NotFoundError
from timeline.newsroom.saved_answers import AnswerChecker, SavedAnswer, question_of


@pytest.fixture(scope="module")
def long():
    """A newsroom with 1,100 records, all recorded this year."""
    newsroom = memory_newsroom()
    fill(newsroom, *(event("happened", "2026", about=["lab"]) for _ in range(1_100)))
    return newsroom


def known(newsroom, typed):
    return newsroom.basis(None, typed).as_known


@pytest.mark.parametrize("typed", ["@71", "71", "@0071", 71])
def test_a_position_is_typed_with_an_at_sign_or_as_digits_that_are_no_year(long, typed):
    assert known(long, typed) == 71


@pytest.mark.parametrize("typed", ["1000", "1099", "1100"])
def test_four_digits_that_may_be_a_year_or_a_position_are_asked_about(long, typed):
    with pytest.raises(InputError) as refused:
        known(long, typed)
    (problem,) = refused.value.problems
    assert problem.message == f"{typed} could be the year or position {typed}"
    assert problem.hint == f"write @{typed} or {typed}-12-31"
    assert problem.field == "--as-known"
    assert known(long, f"@{typed}") == known(long, int(typed)) == int(typed)
    assert known(long, f"{typed}-12-31") == 0


def test_four_digits_are_a_year_where_there_is_no_such_position(long):
    assert known(long, "1101") == 0
    assert known(long, "2999") == 1_100


@pytest.mark.parametrize("typed", ["@1101", "@2026", "3000", "20260303"])
def test_a_position_beyond_the_head_is_refused(long, typed):
    with pytest.raises(NotFoundError, match="beyond the head"):
        known(long, typed)


def test_a_range_of_positions_is_typed_likewise(long):
    answer = long.diff("lab", as_known="@1000..@1100", as_of="2026")
    assert (answer["from"]["as_known"], answer["to"]["as_known"]) == (1000, 1100)
    with pytest.raises(InputError, match="could be the year or position 1000"):
        long.diff("lab", as_known="1000..@1100", as_of="2026")


def test_a_saved_answer_at_a_position_that_looks_like_a_year_can_be_asked_again(long):
    answer = state(long, "lab", "2026", "@1001")
    saved = SavedAnswer("answer.json", answer, question_of(answer))
    assert AnswerChecker(long).again(saved, saved.as_known) == answer
