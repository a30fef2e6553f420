"""Pages that are documents of the repository itself: their links find the pages of the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    "index.md": "README.md",
    "MIGRATION.md": "MIGRATION.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
}


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return what mkdocs is to render for a page."""
    document = DOCUMENTS.get(page.file.src_uri)
    if document is not None:
        markdown = (ROOT / document).read_text(encoding="utf-8")
    markdown = re.sub(r"\]\((docs/|\.\./)", "](", markdown)
    markdown = markdown.replace("](README.md", "](index.md")
    return re.sub(r"  # doctest: \+SKIP$", "", markdown, flags=re.MULTILINE)
