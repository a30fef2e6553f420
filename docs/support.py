"""Make the support table of README and the page support.md from the records in docs/support."""

from __future__ import annotations

import json
import re
import sys
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Iterable

from verdicts import CANNOT, DEVIATES, DIFFERS, SILENT, WORKS, Verdict, verdicts

sys.path.insert(0, str(Path(__file__).parents[1] / ".ci"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "compat"))
import matrix

from oracle.features import FEATURES

RECORDS = Path(__file__).parent / "support"
PAGE = Path(__file__).with_name("support.md")

# result -> word in a cell, meaning
LEGEND = {
    WORKS: ("yes", "works"),
    DEVIATES: ("yes*", "works, with [deviations](docs/deviations.md)"),
    DIFFERS: ("other", "records something else"),
    SILENT: ("silent", "runs, but does not record it and does not say so"),
    CANNOT: ("no", "fails, or says that it cannot"),
}
# README has room for what people ask first.
README_ROWS = {"tf-2.10", "oracle-2.15", "keras3-tensorflow", "keras3-jax", "keras3-torch"}
README_FEATURES = {"script", "metrics", "gradients", "table-offline", "best-only"}
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch"}


@lru_cache(maxsize=None)
def records() -> tuple[dict[str, Any], ...]:
    """Return the records there are, in the order of the matrix, the same Keras side by side."""
    files = [RECORDS / f"{row.id}.json" for row in matrix.load()]
    found = [json.loads(f.read_text(encoding="utf-8")) for f in files if f.exists()]
    kerases = [_keras(record) for record in found]
    return tuple(sorted(found, key=lambda record: kerases.index(_keras(record))))


@lru_cache(maxsize=None)
def judged() -> dict[tuple[str, str], tuple[Verdict, Verdict]]:
    """Return W&B's verdict and ours by row and feature."""
    return verdicts(records(), FEATURES, [row.id for row in matrix.load() if row.oracle])


def head(record: dict[str, Any]) -> str:
    """Return the head of a column: what was measured there."""
    wandb = ".".join(record["versions"]["wandb"].split(".")[:2])
    return "<br>".join([*_keras(record), f"wandb {wandb}"])


def _keras(record: dict[str, Any]) -> tuple[str, ...]:
    versions = {name: ".".join(v.split(".")[:2]) for name, v in record["versions"].items()}
    if "keras 3" in versions:
        [backend] = [BACKENDS[name] for name in versions if name in BACKENDS]
        return f"Keras {versions['keras 3']}", f"on {backend}"
    name = "tf_keras" if "tf_keras" in versions else "tensorflow"
    return (f"{BACKENDS.get(name, name)} {versions[name]}",)


def readme() -> str:
    """Return the table as Markdown: features down, environments across, W&B's → ours."""
    legend = [f"`{word}`: {meaning}" for word, meaning in LEGEND.values()]
    shown = [record for record in records() if record["row"] in README_ROWS]
    lines = [
        f"| feature | {' | '.join(map(head, shown))} |",
        f"|---|{':-:|' * len(shown)}",
    ]
    for feature in FEATURES:
        if feature.id in README_FEATURES:
            cells = [
                " → ".join(LEGEND[v.result][0] for v in judged()[record["row"], feature.id])
                for record in shown
            ]
            lines.append(f"| {feature.title} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"W&B's own classes → ours. {'; '.join(legend)}."])


def page() -> str:
    """Return the page: the whole table, then what was seen, with reasons."""
    columns = "".join(
        f'<th scope="col" data-keras="{" ".join(_keras(record))}">{head(record)}</th>'
        for record in records()
    )
    glance = "\n".join(
        f'<tr><th scope="row"><a href="#{feature.id}">{_code(feature.title)}</a></th>'
        + "".join(f"<td>{_words(record, feature)}</td>" for record in records())
        + "</tr>"
        for feature in FEATURES
    )
    legend = "\n".join(
        f"- {_word(result)}: {LEGEND[result][1].replace('docs/', '')}" for result in LEGEND
    )
    kerases = dict.fromkeys(" ".join(_keras(record)) for record in records())
    return PAGE_FORM.format(
        legend=legend,
        kerases="".join(f"<option>{keras}</option>" for keras in kerases),
        columns=columns,
        glance=glance,
        details="\n\n".join(map(_details, FEATURES)),
    )


def _details(feature: Any) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escape(_versions(record))}</th>'
        + "".join(f"<td>{_told(v)}</td>" for v in judged()[record["row"], feature.id])
        + "</tr>"
        for record in records()
    )
    title = feature.title
    label = escape(title.replace("`", ""))
    return DETAILS_FORM.format(id=escape(feature.id), title=_code(title), label=label, rows=rows)


def _versions(record: dict[str, Any]) -> str:
    named = {re.sub(" [0-9]$", "", name): v for name, v in record["versions"].items()}
    return ", ".join(f"{name} {version}" for name, version in named.items())


def _words(record: dict[str, Any], feature: Any) -> str:
    return " → ".join(_word(verdict.result) for verdict in judged()[record["row"], feature.id])


def _word(result: str) -> str:
    return f'<span class="{result}">{LEGEND[result][0]}</span>'


def _told(verdict: Verdict) -> str:
    word = _word(verdict.result)
    return f"{word}<br><small>{escape(verdict.why)}</small>" if verdict.why else word


def _code(title: str) -> str:
    """Return a title with its code marked up, escaped."""
    parts: Iterable[str] = map(escape, title.split("`"))
    return "".join(f"<code{_short(p)}>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


PAGE_FORM = """\
---
hide: [toc]
---

# What works where

The same trainings, offline and on a CPU, with W&B's own classes and with ours. Each cell:
W&B's → ours. Ours is held to what W&B's classes recorded where they could. W&B's tables of
predictions get what its server would have answered, but for the two features called offline.

{legend}

<form class="support-filter" hidden>
<label>Keras <select name="keras"><option value="">all</option>{kerases}</select></label>
<label>Feature <input name="feature" type="search" placeholder="such as gradients"></label>
<output></output>
</form>

<div class="support" role="region" aria-label="What works where" tabindex="0">
<table class="cells">
<thead><tr><th scope="col">Feature</th>{columns}</tr></thead>
<tbody>
{glance}
</tbody>
</table>
</div>

## What was seen

{details}
"""
DETAILS_FORM = """\
<details id="{id}" class="seen">
<summary>{title}</summary>
<div class="support" role="region" aria-label="{label}" tabindex="0">
<table class="cells">
<thead><tr>
<th scope="col">Environment</th><th scope="col">W&amp;B's</th><th scope="col">Ours</th>
</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</details>"""


def _short(code: str) -> str:
    """Return the class of code that fits into a line."""
    return ' class="short"' if len(code) <= 20 else ""
