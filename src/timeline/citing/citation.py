"""A citation filled in from the page that a link leads to."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from timeline.citing.fetching import USUAL, Limits, Page, fetch
from timeline.citing.links import FetchError, read_link
from timeline.citing.metadata import metadata_of
from timeline.citing.text import QuoteMatch, match_quote, tree_of, visible_text
from timeline.citing.transport import PUBLIC, FetchPolicy


class CitedPage(NamedTuple):
    """What is known about a source.

    `citation` has the fields of a record's source that are known: `url`, `title`, `publisher`,
    `published` (EDTF), `quote`. `problem` says why the page could not be read; `wording` how it
    contains the quote, if it was read and there is a quote; `remarks` what an editor should check.
    """

    citation: dict[str, str]
    wording: QuoteMatch | None
    problem: str | None
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The same as JSON."""
        return {
            "citation": self.citation,
            "wording": self.wording and self.wording.value,
            "problem": self.problem,
            "remarks": list(self.remarks),
        }


async def cite(
    url: str, quote: str = "", policy: FetchPolicy = PUBLIC, limits: Limits = USUAL
) -> CitedPage:
    """A citation of the page that a link leads to.

    Only what the policy allows is fetched, within the limits. A problem with the link, the network
    or the page is a `problem` in the answer, never an exception.
    """
    quote = quote.strip()
    known = {"quote": quote} if quote else {}
    try:
        # A link that is refused, which may contain a password, does not go into a citation.
        link = read_link(url)
        known = {"url": link.url, **known}
        page = await fetch(link, policy, limits)
    except FetchError as error:
        return CitedPage(known, None, str(error), ())
    return await asyncio.to_thread(_from_page, page, quote, known)


def _from_page(page: Page, quote: str, known: dict[str, str]) -> CitedPage:
    tree = tree_of(page.body, page.charset)
    if tree is None:
        return CitedPage(known, None, "the page is empty", ())
    metadata = metadata_of(tree)
    match = match_quote(quote, visible_text(tree)) if quote else None
    remarks = [match.message] if match else []
    if metadata.date and not metadata.published:
        remarks.append(f"the page gives its date as “{metadata.date}”, which cannot be read")
    if page.is_cut:
        remarks.append(f"only the first {len(page.body):,} bytes of the page were read")
    fields = {
        "url": page.url,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "published": metadata.published,
        "quote": quote,
    }
    citation = {name: text for name, text in fields.items() if text}
    return CitedPage(citation, match, None, tuple(remarks))
