"""What somebody may do: each role may do all that those before it may."""

from __future__ import annotations

from enum import IntEnum

from timeline.errors import InputError, did_you_mean
from timeline.records.declaration import RecordType


class Role(IntEnum):
    """The roles in order, so that `holder.role >= Role.EDITOR` asks whether somebody may edit.

    A reader asks; a reporter also appends events; an editor also amends, and publishes; an
    admin also gives out tokens and revokes them.
    """

    READER = 1
    REPORTER = 2
    EDITOR = 3
    ADMIN = 4

    @property
    def label(self) -> str:
        """The role as it is written, in files and on the command line."""
        return self.name.lower()

    @classmethod
    def named(cls, label: str) -> Role:
        """The role that is written so.

        Raises:
            InputError: there is none.
        """
        for role in cls:
            if role.label == label:
                return role
        known = did_you_mean(label, ROLES)
        raise InputError(f"there is no role {label!r}", known)


ROLES = tuple(role.label for role in Role)
"""The roles as they are written, in order."""


def role_needed(kind: RecordType) -> Role:
    """The least role that may append a record of this type.

    Whatever is an amendment in the declaration is editing: a publication is one.
    """
    return Role.EDITOR if kind.is_amendment else Role.REPORTER
