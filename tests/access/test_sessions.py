"""Sessions of browsers, and the links that open them."""

from __future__ import annotations

from pathlib import Path

import pytest

from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.sessions import (
    LINK_LASTS,
    LINK_SESSION_LASTS_AT_MOST,
    SESSION_LASTS,
    SESSION_LASTS_AT_MOST,
    Sessions,
)
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
    secret = sessions.open_session(ada.token, NOW)
    assert sessions.session(secret, NOW) == ada
    assert tokens.authenticate(secret, NOW) is None
    assert sessions.session(secret[:-1], NOW) is None


def test_a_session_lasts_for_twelve_hours_after_it_was_last_used(
    sessions: Sessions, ada: Holder
) -> None:
    secret = sessions.open_session(ada.token, NOW)
    for hours in (11, 22, 33):
        assert sessions.session(secret, NOW + hours * HOUR) == ada
    assert sessions.session(secret, NOW + 33 * HOUR + SESSION_LASTS - 1) == ada


def test_a_session_ends_a_week_after_it_began_however_often_it_is_used(
    sessions: Sessions, ada: Holder
) -> None:
    secret = sessions.open_session(ada.token, NOW)
    for hours in range(11, 7 * 24, 11):
        assert sessions.session(secret, NOW + hours * HOUR) == ada
    assert sessions.session(secret, NOW + SESSION_LASTS_AT_MOST - 1) == ada
    assert sessions.session(secret, NOW + SESSION_LASTS_AT_MOST) is None


def test_a_session_that_was_not_used_is_over(sessions: Sessions, ada: Holder) -> None:
    secret = sessions.open_session(ada.token, NOW)
    assert sessions.session(secret, NOW + SESSION_LASTS) is None


def test_a_session_that_is_over_is_forgotten(
    sessions: Sessions, file: AccessFile, ada: Holder
) -> None:
    sessions.open_session(ada.token, NOW)
    sessions.open_session(ada.token, NOW + SESSION_LASTS)
    assert len(file.rows("SELECT id FROM sessions")) == 1


def test_a_session_that_is_closed_is_closed(sessions: Sessions, ada: Holder) -> None:
    one, other = sessions.open_session(ada.token, NOW), sessions.open_session(ada.token, NOW)
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
    hers, his = sessions.open_session(ada.token, NOW), sessions.open_session(bo.token, NOW)
    assert sessions.session(hers, NOW) == ada
    tokens.revoke(ada.token, NOW)
    assert sessions.session(hers, NOW) is None
    assert sessions.session(his, NOW) == bo
    # One that was let in before, and opens a session a moment too late.
    assert sessions.session(sessions.open_session(ada.token, NOW), NOW) is None


def test_a_session_ends_with_its_token(sessions: Sessions, tokens: Tokens) -> None:
    token, _ = tokens.add("Ada", Role.READER, NOW, NOW + HOUR)
    secret = sessions.open_session(token.id, NOW)
    assert sessions.session(secret, NOW + HOUR - 1) is not None
    assert sessions.session(secret, NOW + HOUR) is None


def test_a_link_opens_one_session(sessions: Sessions) -> None:
    link = sessions.one_time("Ada", Role.ADMIN, NOW)
    secret = sessions.redeem(link, NOW + LINK_LASTS - 1)
    assert secret is not None
    holder = sessions.session(secret, NOW + LINK_LASTS)
    assert holder is not None and holder == Holder("Ada", Role.ADMIN, holder.token)
    assert sessions.redeem(link, NOW + LINK_LASTS - 1) is None


def test_the_session_of_a_link_ends_a_day_after_it_began_however_often_it_is_used(
    sessions: Sessions,
) -> None:
    secret = sessions.redeem(sessions.one_time("Ada", Role.ADMIN, NOW), NOW)
    assert secret is not None
    for hours in (8, 16, 23):
        assert sessions.session(secret, NOW + hours * HOUR) is not None
    assert sessions.session(secret, NOW + LINK_SESSION_LASTS_AT_MOST) is None


def test_a_link_is_listed_like_a_token_and_gives_no_access_by_itself(
    sessions: Sessions, tokens: Tokens
) -> None:
    link = sessions.one_time("Ada", Role.ADMIN, NOW)
    (before,) = tokens.list()
    assert (before.holder, before.role, before.is_link) == ("Ada", Role.ADMIN, True)
    assert (before.last_used_at, before.expires_at) == (None, NOW + LINK_LASTS)
    assert tokens.authenticate(link, NOW) is None
    assert tokens.authenticate(f"tl{link[2:]}", NOW) is None
    secret = sessions.redeem(link, NOW + 1)
    assert secret is not None
    sessions.session(secret, NOW + HOUR)
    (after,) = tokens.list()
    assert (after.last_used_at, after.expires_at) == (
        NOW + HOUR,
        NOW + 1 + LINK_SESSION_LASTS_AT_MOST,
    )


def test_revoking_a_link_ends_its_session_or_keeps_it_from_opening_one(
    sessions: Sessions, tokens: Tokens
) -> None:
    opened, unopened = (sessions.one_time("Ada", Role.ADMIN, NOW) for _ in range(2))
    secret = sessions.redeem(opened, NOW)
    assert secret is not None and sessions.session(secret, NOW) is not None
    for link in (opened, unopened):
        tokens.revoke(link.split("_")[1], NOW)
    assert sessions.session(secret, NOW) is None
    assert sessions.redeem(unopened, NOW) is None


def test_the_session_of_a_link_ends_with_the_process_that_made_it(
    file: AccessFile, sessions: Sessions, tokens: Tokens, ada: Holder
) -> None:
    secret = sessions.redeem(sessions.one_time("Ada", Role.ADMIN, NOW), NOW)
    unopened = sessions.one_time("Ada", Role.ADMIN, NOW)
    by_token = sessions.open_session(ada.token, NOW)
    restarted = Sessions(file)
    assert secret is not None and sessions.session(secret, NOW) is not None
    assert restarted.session(secret, NOW) is None
    assert restarted.redeem(unopened, NOW) is None
    assert restarted.session(by_token, NOW) == ada
    sessions.end_links(NOW)
    assert [token.revoked_at for token in tokens.list() if token.is_link] == [NOW, NOW]
    assert sessions.session(secret, NOW) is None


def test_links_that_have_ended_are_forgotten_with_the_next_one(
    sessions: Sessions, tokens: Tokens
) -> None:
    assert sessions.redeem(sessions.one_time("Ada", Role.ADMIN, NOW), NOW)
    sessions.one_time("Ada", Role.ADMIN, NOW)
    sessions.end_links(NOW)
    link = sessions.one_time("Ada", Role.ADMIN, NOW + 1)
    assert [token.id for token in tokens.list()] == [link.split("_")[1]]


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
    secrets = [sessions.open_session(ada.token, NOW), sessions.one_time("Ada", Role.ADMIN, NOW)]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [each for each in secrets if each.split("_", 2)[2].encode() in kept]
