"""What each role may do."""

from __future__ import annotations

import pytest

from timeline.access.roles import ROLES, Role, role_needed
from timeline.errors import InputError
from timeline.records.vocabulary import BUILT_IN, Vocabulary


def test_each_role_may_do_all_that_those_before_it_may() -> None:
    assert ROLES == ("reader", "reporter", "editor", "admin")
    assert Role.READER < Role.REPORTER < Role.EDITOR < Role.ADMIN


def test_a_reporter_appends_events_and_an_editor_also_amends_and_publishes() -> None:
    vocabulary = Vocabulary()
    for name in ("happened", "joined", "asked", "measured"):
        assert role_needed(vocabulary[name]) is Role.REPORTER
    for name in ("correction", "retraction", "alias", "same-entity", "publication"):
        assert role_needed(vocabulary[name]) is Role.EDITOR


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_no_record_is_appended_by_a_reader(kind) -> None:
    assert role_needed(kind) > Role.READER


def test_a_role_is_found_by_the_word_for_it() -> None:
    assert [Role.named(label) for label in ROLES] == list(Role)
    with pytest.raises(InputError, match=r"there is no role 'editer'.*did you mean editor"):
        Role.named("editer")
