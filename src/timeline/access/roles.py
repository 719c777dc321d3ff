"""Roles: each includes those before it."""

from __future__ import annotations

from enum import IntEnum

from timeline.errors import InputError, did_you_mean
from timeline.records.declaration import RecordType


class Role(IntEnum):
    """The roles in order: `holder.role >= Role.EDITOR` tells whether the holder may edit.

    A reader asks questions; a reporter also appends events; an editor also amends and publishes;
    an admin also creates and revokes tokens.
    """

    READER = 1
    REPORTER = 2
    EDITOR = 3
    ADMIN = 4

    @property
    def label(self) -> str:
        """The name of the role on the command line and in JSON."""
        return self.name.lower()

    @classmethod
    def named(cls, label: str) -> Role:
        """The role with a label.

        Raises:
            InputError: there is no such role.
        """
        for role in cls:
            if role.label == label:
                return role
        known = did_you_mean(label, ROLES)
        raise InputError(f"there is no role {label!r}", known)


ROLES = tuple(role.label for role in Role)
"""The labels of the roles, in order."""


def role_needed(kind: RecordType) -> Role:
    """The lowest role that may append a record of this type.

    Every amendment needs an editor, including publications.
    """
    return Role.EDITOR if kind.is_amendment else Role.REPORTER
