"""What a route asks of whoever uses it: a role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.web.problems import RefusedError
from timeline.web.service import holder_of


def needs(role: Role) -> Callable[[Request], Awaitable[Holder]]:
    """A dependency: who asks, who must have that role or a later one.

    It raises `RefusedError`, 403, for anybody else.
    """

    async def dependency(request: Request) -> Holder:
        holder = holder_of(request)
        if holder.role < role:
            raise RefusedError(
                403, f"that is for the role {role.label} and above: yours is {holder.role.label}"
            )
        return holder

    return dependency
