"""Whatever is done in whatever order, by two processes: access is what the rules say."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from tests.examples import TIMES
from timeline.access import FILE
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.sessions import SESSION_LASTS, SESSION_LASTS_AT_MOST, Sessions
from timeline.access.tokens import Holder, Tokens

SIDES = st.integers(0, 1)


class Histories(RuleBasedStateMachine):
    """Two openings of one file, as two processes have them, beside a model in memory."""

    secrets = Bundle("secrets")
    opened = Bundle("opened")

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.files = [AccessFile(self.directory / FILE) for _ in range(2)]
        self.tokens = [Tokens(file) for file in self.files]
        self.sessions = [Sessions(file) for file in self.files]
        self.now = 0
        self.holders: dict[str, tuple[Holder, int | None]] = {}
        self.revoked: set[str | None] = set()
        self.seen: dict[str, tuple[Holder, int, int]] = {}

    def teardown(self) -> None:
        for file in self.files:
            file.close()
        shutil.rmtree(self.directory)

    def gives(self, holder: Holder, expires: int | None) -> bool:
        return holder.token not in self.revoked and (expires is None or self.now < expires)

    @rule(target=secrets, side=SIDES, role=st.sampled_from(Role), lasts=st.none() | st.just(100))
    def add(self, side: int, role: Role, lasts: int | None) -> str:
        expires = None if lasts is None else self.now + lasts
        token, secret = self.tokens[side].add("somebody", role, self.now, expires)
        self.holders[secret] = (Holder("somebody", role, token.id), expires)
        return secret

    @rule(side=SIDES, secret=secrets)
    def revoke(self, side: int, secret: str) -> None:
        id = self.holders[secret][0].token
        self.tokens[side].revoke(id, self.now)
        self.revoked.add(id)

    @rule(target=opened, side=SIDES, secret=secrets)
    def open_session(self, side: int, secret: str) -> str:
        holder, _ = self.holders[secret]
        session = self.sessions[side].open_session(holder.token, self.now)
        self.seen[session] = (holder, self.now, self.now)
        return session

    @rule(side=SIDES, session=consumes(opened))
    def close_session(self, side: int, session: str) -> None:
        self.sessions[side].close_session(session)
        for each in self.sessions:
            assert each.session(session, self.now) is None

    @rule(side=SIDES, session=opened)
    def use_session(self, side: int, session: str) -> None:
        holder, opened, used = self.seen[session]
        expires = next(end for each, end in self.holders.values() if each == holder)
        lasts = (
            self.now - used < SESSION_LASTS
            and self.now - opened < SESSION_LASTS_AT_MOST
            and self.gives(holder, expires)
        )
        found = self.sessions[side].session(session, self.now)
        assert found == (holder if lasts else None)
        # What was used less than a minute ago is not written down again.
        if lasts and self.now - used >= 60_000_000:
            self.seen[session] = (holder, opened, self.now)

    @rule(passes=st.sampled_from([1, 100, SESSION_LASTS // 2, SESSION_LASTS]))
    def wait(self, passes: int) -> None:
        self.now += passes

    @invariant()
    def both_say_the_same_of_every_token(self) -> None:
        for secret, (holder, expires) in self.holders.items():
            expected = holder if self.gives(holder, expires) else None
            assert [each.authenticate(secret, self.now) for each in self.tokens] == [expected] * 2


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=15 * TIMES, stateful_step_count=20)
