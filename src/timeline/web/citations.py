"""Citations that are filled in from pages elsewhere, few at once: each takes a thread and time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeline.citing.citation import Cited
    from timeline.citing.connecting import Network

# So many pages are fetched at once, for everybody together.
AT_ONCE = 2


class Citations:
    """Fills in citations; `network` is what may be reached, by default public pages only."""

    def __init__(self, network: Network | None = None):
        self._network = network
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def cite(self, url: str, quote: str) -> Cited:
        """The citation of the page that a link leads to, as far as it can be had."""
        from timeline.citing.citation import cite
        from timeline.citing.connecting import PUBLIC

        async with self._turn:
            return await asyncio.to_thread(cite, url, quote, self._network or PUBLIC)
