"""The Markdown of a report as HTML that can do nothing.

Raw HTML is shown as text, links lead to the web or nowhere, and a picture becomes a link to it,
since a page loads nothing from elsewhere. Headings begin below those of the page.
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

# A report stands under a heading of the third level.
_FIRST_HEADING, _LAST_HEADING = 4, 6


def prose(markdown: str) -> Markup:
    """The HTML of a report's text."""
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
    """HTML whose links tell the other side nothing, and which loads no picture."""

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
