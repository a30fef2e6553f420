"""The HTML report: one page that needs nothing else, for people."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources
from itertools import groupby
from typing import Iterable, Iterator

from wandb_keras_codemods.files.outcome import FAILED, LEFT, PENDING, SKIPPED, WRITTEN, Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import Run, cards, urgency
from .fragments import NOUNS, agreeing, code_link, code_tag, place_link, plain
from .side_by_side import table

_DASHBOARD = ("metric", "lost")
_ALSO_DASHBOARD = ("WKM201", "WKM202", "WKM203", "WKM205", "WKM213")
_STATES = {PENDING: "to change", WRITTEN: "changed", SKIPPED: "skipped", FAILED: "untouched"}
_OPEN_FILES = 12  # with more, only those that need a human start unfolded


def render(run: Run) -> str:
    """Return the page."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    anchors = {id(outcome): f"file-{number}" for number, outcome in enumerate(run.outcomes, 1)}
    body = [
        *_header(run),
        *cards.left(run, anchors),
        *_dashboards(run, anchors),
        *_files(run, anchors),
        *_glossary(run),
    ]
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            "<title>WandbCallback migration</title>\n",
            f"<style>{style}</style>\n</head>\n<body>\n",
            "\n".join(body),
            f"\n<script>{script}</script>\n</body>\n</html>\n",
        ]
    )


def _asset(name: str) -> str:
    return (resources.files(__package__ or "") / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _header(run: Run) -> Iterator[str]:
    changed, calls = len(run.files(PENDING, SKIPPED, WRITTEN)), run.calls()
    yield '<header class="top"><div class="wrap">'
    yield '<div class="title"><h1>WandbCallback migration</h1>'
    yield f'<span class="pill">target {escape(run.target)}</span>'
    yield '<button id="theme" type="button" title="Switch between light and dark">◐</button></div>'
    yield f'<p class="headline">{escape(run.headline())}</p>'
    yield '<ul class="totals">'
    tiles = [
        (changed, "file", "files", " changed" if run.wrote else " to change", "migrated", "files"),
        (calls, "call", "calls", " migrated" if run.wrote else " to migrate", "migrated", "files"),
        (run.left, "thing", "things", " left for you", "manual", "left"),
        (run.count("error"), "file", "files", " not processed", "error", "left"),
        (run.count("lost"), "loss", "losses", "", "lost", "dashboards"),
        (run.count("changed"), "change", "changes", " to know", "changed", "files"),
    ]
    for count, one, several, what, kind, anchor in tiles:
        quiet = "" if count else " zero"
        label = f"<b>{count:,}</b>{agreeing(count, one, several)}{what}"
        yield f'<li class="tile {kind}{quiet}"><a href="#{anchor}">{label}</a></li>'
    yield '</ul><div class="tools" hidden>'
    yield '<input id="search" type="search" placeholder="Search path, code, message, source …" '
    yield 'aria-label="Search">'
    for kind, nouns in NOUNS.items():
        count = run.count(kind)
        if count:
            yield (
                f'<button type="button" class="chip {kind}" data-kind="{kind}" '
                f'aria-pressed="false"><b>{count:,}</b> {agreeing(count, *nouns)}</button>'
            )
    yield '<span id="matches" role="status"></span></div></div></header><main class="wrap">'


def _dashboards(run: Run, anchors: dict[int, str]) -> Iterator[str]:
    found = [
        (finding, outcome)
        for outcome in run.outcomes
        for finding in outcome.findings
        if finding.kind in _DASHBOARD or finding.code in _ALSO_DASHBOARD
    ]
    yield '<section id="dashboards"><h2>What changes in your dashboards</h2>'
    if not found:
        yield '<p class="none">Nothing: every metric keeps its name.</p></section>'
        return
    if run.target == "wandb":
        yield (
            "<p>The official callbacks log under other names. <code>--target compat</code> keeps "
            "the names and loses nothing.</p>"
            '<table class="names"><thead><tr><th>before</th><th>after</th></tr></thead><tbody>'
            "<tr><td><code>loss</code>, <code>val_loss</code>, any metric of an epoch</td>"
            "<td><code>epoch/loss</code>, <code>epoch/val_loss</code>, …</td></tr>"
            "<tr><td><code>loss</code> at batches (<code>log_batch_frequency</code>)</td>"
            "<td><code>batch/loss</code></td></tr>"
            "<tr><td>summary <code>best_val_loss</code>, <code>best_epoch</code></td>"
            "<td>none; define a summary for <code>epoch/val_loss</code></td></tr>"
            "<tr><td>file <code>model-best.h5</code>, artifact <code>model-&lt;run name&gt;</code>"
            "</td><td>file <code>model-best.keras</code>, artifact "
            "<code>run_&lt;run id&gt;_model</code></td></tr></tbody></table>"
        )
    found.sort(key=lambda pair: pair[0].code)
    for code, places in groupby(found, key=lambda pair: pair[0].code):
        listed = list(places)
        yield (
            f'<details class="item group" data-kinds="{CODES[code].kind}">'
            f"<summary>{code_tag(code)} <b>{escape(CODES[code].title)}</b> "
            f'<span class="count">{len(listed)}</span></summary>'
            f"<p>{escape(CODES[code].explanation)}</p><ul>"
        )
        said: dict[tuple[str, str], list[str]] = {}  # what is the same for many is said once
        for finding, outcome in listed:
            link = place_link(outcome, finding, anchors[id(outcome)])
            said.setdefault((finding.message, finding.suggestion), []).append(link)
        for (message, suggestion), links in said.items():
            hint = f" <i>{escape(suggestion)}</i>" if suggestion else ""
            yield f"<li>{plain(message)}.{hint} {', '.join(links)}</li>"
        yield "</ul></details>"
    yield "</section>"


def _files(run: Run, anchors: dict[int, str]) -> Iterator[str]:
    yield '<section id="files"><h2>Files</h2>'
    if not run.outcomes:
        yield '<p class="none">No file uses the legacy callback.</p>'
    many = len(run.outcomes) > _OPEN_FILES
    for outcome in sorted(run.outcomes, key=_first):
        unfold = "" if many and not outcome.count(*LEFT, "error") else " open"
        kinds = " ".join(sorted({finding.kind for finding in outcome.findings}))
        yield (
            f'<details class="file item" id="{anchors[id(outcome)]}" data-kinds="{kinds}"{unfold}>'
            f'<summary><span class="path">{plain(outcome.path)}</span>{_badges(outcome)}'
            f'<span class="state {outcome.state}">{_STATES.get(outcome.state, "no change")}</span>'
            "</summary>"
        )
        if outcome.before != outcome.after:
            yield table(outcome, 0) if many else table(outcome)
        yield _findings(outcome.findings)
        yield "</details>"
    yield "</section>"


def _first(outcome: Outcome) -> int:
    """Return where a file stands: those with calls that are left come first."""
    if outcome.count("error"):
        return 0
    left = (urgency(finding) for finding in outcome.findings if finding.kind in LEFT)
    return min(left, default=len(LEFT) + 1)


def _badges(outcome: Outcome) -> str:
    counts = [(kind, outcome.count(kind), nouns) for kind, nouns in NOUNS.items()]
    return "".join(
        f'<span class="badge {kind}">{count} {agreeing(count, *nouns)}</span>'
        for kind, count, nouns in counts
        if count
    )


def _findings(findings: Iterable[Finding]) -> str:
    said: dict[tuple[str, str, str], list[str]] = {}  # what is the same for many is said once
    for finding in findings:
        cell = "" if finding.cell is None else f"cell {finding.cell}, "
        hint = finding.suggestion if finding.kind in LEFT else ""
        where = f"{cell}{finding.line}:{finding.column}"
        said.setdefault((finding.code, finding.message, hint), []).append(where)
    rows = []
    for (name, message, hint), places in said.items():
        told = f" <i>{escape(hint)}</i>" if hint else ""
        rows.append(
            f"<tr><td>{'<br>'.join(places)}</td><td>{code_link(name)}</td>"
            f"<td>{escape(CODES[name].title)}</td><td>{plain(message)}.{told}</td></tr>"
        )
    return f'<table class="findings"><tbody>{"".join(rows)}</tbody></table>' if rows else ""


def _glossary(run: Run) -> Iterator[str]:
    used = sorted({finding.code for outcome in run.outcomes for finding in outcome.findings})
    if used:
        yield '<section id="codes"><h2>What the codes mean</h2><dl>'
        for name in used:
            yield (
                f'<div id="{name}"><dt>{code_tag(name)} '
                f"{escape(CODES[name].title)}</dt><dd>{escape(CODES[name].explanation)}</dd></div>"
            )
        yield "</dl></section>"
    yield f"</main><footer class=wrap>wandb-keras-migrate {escape(run.version)}</footer>"
