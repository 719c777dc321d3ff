"""Why a page was not fetched."""

from __future__ import annotations


class RefusedError(Exception):
    """The link, or where it leads, is not fetched, or gives no page: in words for its user."""
