"""What goes into an article to show a story there, without a script."""

from __future__ import annotations

from markupsafe import Markup

from timeline.publishing.addresses import EMBED, PAGE
from timeline.publishing.edition import Edition
from timeline.render.text import clean

_SNIPPET = """\
<iframe src="{embed}" title="{title}" width="640" height="480"
  sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy"
  referrerpolicy="no-referrer" style="border:0;width:100%"></iframe>
<p><a href="{page}">{title}</a></p>
"""


def snippet(edition: Edition) -> str:
    """The HTML to paste: a frame that can do nothing but open links, and a link beside it."""
    to = edition.addresses
    found = Markup(_SNIPPET).format(
        embed=to.of(EMBED), page=to.of(PAGE), title=clean(edition.title)
    )
    return str(found)
