"""Citations that are filled in from pages elsewhere, few at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from timeline.web.slow_query_process import BusyError

if TYPE_CHECKING:
    from timeline.citing.citation import CitedPage
    from timeline.citing.transport import FetchPolicy

# So many pages are fetched at once, for everybody together.
AT_ONCE = 2

# So many may wait for their turn, each for ten seconds or less.
MOST_WAITING = 10


class Citations:
    """Fills in citations; `network` is what may be reached, by default public pages only."""

    def __init__(self, network: FetchPolicy | None = None):
        self._network = network
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def cite(self, url: str, quote: str) -> CitedPage:
        """The citation of the page that a link leads to, as far as it can be had.

        Raises:
            BusyError: too many wait already.
        """
        from timeline.citing.citation import cite
        from timeline.citing.transport import PUBLIC

        if self._waiting >= MOST_WAITING:
            raise BusyError("too many pages are being fetched", 10)
        self._waiting += 1
        try:
            async with self._turn:
                return await cite(url, quote, self._network or PUBLIC)
        finally:
            self._waiting -= 1
