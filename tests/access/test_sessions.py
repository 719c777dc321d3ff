"""Sessions of browsers, and the links that open them."""

from __future__ import annotations

from pathlib import Path

import pytest

from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.sessions import LINK_LASTS, SESSION_LASTS, Sessions
from timeline.access.tokens import Holder, Tokens
from timeline.errors import InputError

NOW = temporal.parse_instant("2026-11-24T09:00:00Z")
HOUR = temporal.read_duration("PT1H")


@pytest.fixture
def ada(tokens: Tokens) -> Holder:
    token, _ = tokens.add("Ada", Role.EDITOR, NOW)
    return Holder("Ada", Role.EDITOR, token.id)


def test_a_session_is_its_holders_and_not_their_token(
    sessions: Sessions, tokens: Tokens, ada: Holder
) -> None:
    secret = sessions.open_session(ada, NOW)
    assert sessions.session(secret, NOW) == ada
    assert tokens.authenticate(secret, NOW) is None
    assert sessions.session(secret[:-1], NOW) is None


def test_a_session_lasts_for_twelve_hours_after_it_was_last_used(
    sessions: Sessions, ada: Holder
) -> None:
    secret = sessions.open_session(ada, NOW)
    for hours in (11, 22, 33):
        assert sessions.session(secret, NOW + hours * HOUR) == ada
    assert sessions.session(secret, NOW + 33 * HOUR + SESSION_LASTS - 1) == ada


def test_a_session_that_was_not_used_is_over(sessions: Sessions, ada: Holder) -> None:
    secret = sessions.open_session(ada, NOW)
    assert sessions.session(secret, NOW + SESSION_LASTS) is None


def test_a_session_that_is_over_is_forgotten(
    sessions: Sessions, file: AccessFile, ada: Holder
) -> None:
    sessions.open_session(ada, NOW)
    sessions.open_session(ada, NOW + SESSION_LASTS)
    assert len(file.rows("SELECT id FROM sessions")) == 1


def test_a_session_that_is_closed_is_closed(sessions: Sessions, ada: Holder) -> None:
    one, other = sessions.open_session(ada, NOW), sessions.open_session(ada, NOW)
    sessions.close_session(f"{one[:-2]}xx")
    assert sessions.session(one, NOW) == ada
    sessions.close_session(one)
    sessions.close_session(one)
    assert sessions.session(one, NOW) is None
    assert sessions.session(other, NOW) == ada


def test_revoking_a_token_closes_its_sessions_and_no_others(
    sessions: Sessions, tokens: Tokens, ada: Holder
) -> None:
    bo = Holder("Bo", Role.READER, tokens.add("Bo", Role.READER, NOW)[0].id)
    hers, his = sessions.open_session(ada, NOW), sessions.open_session(bo, NOW)
    assert sessions.session(hers, NOW) == ada
    assert ada.token is not None
    tokens.revoke(ada.token, NOW)
    assert sessions.session(hers, NOW) is None
    assert sessions.session(his, NOW) == bo
    # One that was let in before, and opens a session a moment too late.
    assert sessions.session(sessions.open_session(ada, NOW), NOW) is None


def test_a_session_ends_with_its_token(sessions: Sessions, tokens: Tokens) -> None:
    token, _ = tokens.add("Ada", Role.READER, NOW, NOW + HOUR)
    secret = sessions.open_session(Holder("Ada", Role.READER, token.id), NOW)
    assert sessions.session(secret, NOW + HOUR - 1) is not None
    assert sessions.session(secret, NOW + HOUR) is None


def test_a_link_opens_one_session(sessions: Sessions) -> None:
    link = sessions.one_time("Ada", Role.ADMIN, NOW)
    secret = sessions.redeem(link, NOW + LINK_LASTS - 1)
    assert secret is not None
    assert sessions.session(secret, NOW + LINK_LASTS) == Holder("Ada", Role.ADMIN, None)
    assert sessions.redeem(link, NOW + LINK_LASTS - 1) is None


def test_a_link_is_good_for_ten_minutes(sessions: Sessions) -> None:
    link = sessions.one_time("Ada", Role.ADMIN, NOW)
    assert sessions.redeem(link, NOW + LINK_LASTS) is None


def test_a_wrong_link_opens_nothing_and_leaves_the_right_one(sessions: Sessions) -> None:
    link = sessions.one_time("Ada", Role.ADMIN, NOW)
    assert sessions.redeem(f"{link[:-2]}xx", NOW) is None
    assert sessions.redeem("", NOW) is None
    assert sessions.redeem(link, NOW) is not None


def test_a_link_is_for_somebody_with_a_name(sessions: Sessions) -> None:
    with pytest.raises(InputError, match="needs a name"):
        sessions.one_time(" ", Role.ADMIN, NOW)


def test_no_secret_is_kept(sessions: Sessions, ada: Holder, tmp_path: Path) -> None:
    secrets = [sessions.open_session(ada, NOW), sessions.one_time("Ada", Role.ADMIN, NOW)]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [each for each in secrets if each.split("_", 2)[2].encode() in kept]
