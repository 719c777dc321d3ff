"""Renders the Markdown of a record as safe HTML.

Raw HTML is shown as text, only http and https links are kept, and an image becomes a link to it,
since pages load nothing from other sites. Headings start below those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from timeline.render.text import clean, web_address

# A record is shown under a heading of the third level.
_FIRST_HEADING, _LAST_HEADING = 4, 6


def prose(markdown: str) -> Markup:
    """The HTML of a text in Markdown."""
    return Markup(_renderer().render(clean(markdown)))


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    renderer.core.ruler.push("lower headings", _lower_headings)
    renderer.validateLink = _leads_to_the_web  # type: ignore[method-assign]
    return renderer


def _leads_to_the_web(url: str) -> bool:
    return web_address(url) is not None


def _lower_headings(state: object) -> None:
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1]) + _FIRST_HEADING - 1
            token.tag = f"h{min(level, _LAST_HEADING)}"


class _Renderer(RendererHTML):
    """Renders links without a referrer, and images as links."""

    def link_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[index].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, index, options, env)

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        words = self.renderInlineAsText(token.children, options, env) or "picture"
        address = escape(str(token.attrs["src"]))
        return f'<a href="{address}" rel="noopener noreferrer">{escape(words)}</a>'
