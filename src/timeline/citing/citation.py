"""Paste a link, and a quote: what a page gives of a citation."""

from __future__ import annotations

from typing import NamedTuple

from timeline.citing.connecting import PUBLIC, FetchPolicy
from timeline.citing.errors import RefusedError
from timeline.citing.fetching import USUAL, Limits, Page, fetch
from timeline.citing.links import read_link
from timeline.citing.metadata import metadata_of
from timeline.citing.quote_match import QuoteMatch, wording
from timeline.citing.text import seen_text, tree_of


class CitedPage(NamedTuple):
    """What is known of a source.

    `citation` has the fields of a record's source that are known: `url`, `title`, `publisher`,
    `published` (EDTF), `quote`. When the page was fetched is none of them. `problem` says why
    the page could not be read, if it could not; `wording` how it has the quote, if it was read
    and there is one; `remarks` what an editor should look at.
    """

    citation: dict[str, str]
    wording: QuoteMatch | None
    problem: str | None
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The same, for programs."""
        return {
            "citation": self.citation,
            "wording": self.wording and self.wording.value,
            "problem": self.problem,
            "remarks": list(self.remarks),
        }


def cite(
    url: str, quote: str = "", network: FetchPolicy = PUBLIC, limits: Limits = USUAL
) -> CitedPage:
    """A citation of the page that a link leads to, filled in from the page.

    Only public pages are fetched, and no more of them than the limits say. Whatever is wrong
    with the link, the network or the page is a `problem` in the answer, never an error.
    """
    known = {"quote": quote.strip()} if quote.strip() else {}
    try:
        # A link that is refused as such, or has a password in it, belongs in no record.
        link = read_link(url)
        known = {"url": link.url, **known}
        page = fetch(link, network, limits)
    except RefusedError as error:
        return CitedPage(known, None, str(error), ())
    return _from_page(page, quote.strip(), known)


def _from_page(page: Page, quote: str, known: dict[str, str]) -> CitedPage:
    tree = tree_of(page.body, page.content_type)
    if tree is None:
        return CitedPage(known, None, "the page is empty", ())
    told = metadata_of(tree)
    found = wording(quote, seen_text(tree)) if quote else None
    remarks = [found.said] if found else []
    if told.dated and not told.published:
        remarks.append(f"the page gives its date as “{told.dated}”, which cannot be read")
    if page.is_cut:
        remarks.append(f"only the first {len(page.body):,} bytes of the page were read")
    fields = {
        "url": page.url,
        "title": told.title,
        "publisher": told.publisher,
        "published": told.published,
        "quote": quote,
    }
    citation = {name: text for name, text in fields.items() if text}
    return CitedPage(citation, found, None, tuple(remarks))
