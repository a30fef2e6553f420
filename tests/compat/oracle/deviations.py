"""What we record differently from W&B's callbacks on purpose, as `compare` reports it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Sequence

PAGE = Path(__file__).parents[3] / "docs" / "deviations.md"

# name, as in the table of docs/deviations.md -> the differences that it explains
EXPLAINS: dict[str, str] = {
    "best-alias": r"artifacts: run_<RUN_ID>_model: version \d+, aliases: .* \| \['best', .*",
    "batches-in-order": r"(history|summary): gradients/.*",
    "every-weight": r"history: parameters/(lstm|norm)\.\w+: only in B \(\d+ rows?\)"
    r"|summary: parameters/(lstm|norm)\.\w+: only in B",
}


def documented() -> list[str]:
    """Return the names in the table of docs/deviations.md."""
    return re.findall(r"^\| `([\w-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def unexplained(differences: Sequence[object], names: Sequence[str]) -> list[str]:
    """Return the differences that none of the named deviations explains."""
    patterns = [re.compile(EXPLAINS[name], re.DOTALL) for name in names]
    return [d for d in map(str, differences) if not any(p.fullmatch(d) for p in patterns)]


def unseen(differences: Sequence[object], names: Sequence[str]) -> list[str]:
    """Return the named deviations that explain no difference: their entry is out of date."""
    texts = [str(d) for d in differences]
    return [n for n in names if not any(re.fullmatch(EXPLAINS[n], t, re.DOTALL) for t in texts)]
