"""The language of docstrings, comments, messages and documentation is plain English."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = sorted((ROOT / "src" / "timeline").rglob("*.py"))

# Phrases that need a second reading. Write the terms of the field instead.
IDIOM = re.compile(
    r"\b(?:whoever|whatever|whosoever|somebody|nobody|anybody|told|tells of|lets? go|so many"
    r"|is none|to be had|in vain|anew|otherwise than|stands no longer|no longer stands|who asks"
    r"|of which there|such as there|what there is|surely|at fault|is away|some of theirs)\b",
    re.IGNORECASE,
)


def test_fewer_than_one_idiom_in_a_thousand_words() -> None:
    texts = {file: "\n".join(prose(file)) for file in [*SOURCES, *PAGES]}
    found = [
        f"{file.relative_to(ROOT)}: {text[max(0, match.start() - 40) : match.end() + 30]!r}"
        for file, text in texts.items()
        for match in IDIOM.finditer(text)
    ]
    words = sum(len(text.split()) for text in texts.values())
    assert len(found) < words / 1000, "\n".join(found)


def prose(file: Path) -> Iterator[str]:
    """What a file says to people: its strings and comments, or a page without its code blocks."""
    text = file.read_text("utf-8")
    if file.suffix == ".md":
        yield re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
