"""Report code blocks of a Markdown file that use the legacy callback; nothing is changed."""

from __future__ import annotations

from wandb_keras_codemods.findings import Finding

from .texts import Document


def report_markdown(text: str) -> list[Finding]:
    r"""Return a finding for each code block that names the legacy callback.

    Args:
        text: The Markdown; a byte order mark may stand first.

    Example:
        >>> found = report_markdown("Use:\n\n```python\nfrom wandb.keras import *\n```\n")
        >>> found[0].code, found[0].line
        ('WKM422', 4)
    """
    from markdown_it import MarkdownIt

    findings: list[Finding] = []
    lines, document = text.splitlines(), Document.of(text)
    for token in MarkdownIt().parse(text):
        if token.type in ("fence", "code_block") and token.map is not None:
            first, last = token.map
            block = "\n".join(lines[first:last])
            findings += document.report(block, "a Markdown code block", None, first + 1)
    return findings
