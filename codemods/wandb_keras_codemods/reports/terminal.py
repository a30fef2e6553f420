"""Show a run on a terminal: the diff, what is left for a human, a summary table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable, Iterable, TextIO

from wandb_keras_codemods.files.differences import patch
from wandb_keras_codemods.files.outcome import (
    FAILED,
    LEFT,
    PENDING,
    SKIPPED,
    WRITTEN,
    Outcome,
)
from wandb_keras_codemods.findings import CODES, Finding

from . import CODE, IMPORT, KIND_TITLES, Run, where

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")
_STYLES = {
    "error": "bold red",
    "manual": "yellow",
    "metric": "magenta",
    "requirement": "cyan",
    "lost": "red",
    "changed": "bright_blue",
    "migrated": "green",
}
_STATES = {PENDING: "to write", WRITTEN: "written", SKIPPED: "skipped", FAILED: "failed"}
_UNWRAPPED = 10_000  # columns where nobody's terminal sets a limit
_NOT_DONE = (FAILED, SKIPPED)
_ROWS = 25  # a longer table hides what matters


def safe(text: str) -> str:
    """Return a text in which control characters are written out, for terminals."""
    return _CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def console(file: TextIO) -> Console:
    """Return a console that neither marks numbers nor reads markup; it wraps on terminals alone."""
    from rich.console import Console

    made = Console(file=file, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = _UNWRAPPED
    return made


def print_diff(run: Run, file: TextIO) -> None:
    """Print the diffs: on a terminal those people read, coloured where it allows it; else a patch.

    Args:
        run: What was found.
        file: Where to.
    """
    colours = console(file)
    if not colours.is_terminal and hasattr(file, "buffer"):
        file.flush()
        for outcome in run.outcomes:
            file.buffer.write(patch(outcome.path, outcome.old, outcome.new))
        file.buffer.flush()
        return
    plain = not colours.is_terminal or colours.no_color
    for outcome in run.outcomes:
        for line in outcome.diff():
            if plain:
                print(safe(line), file=file)
                continue
            colours.print(safe(line), style=_diff_style(line), soft_wrap=True)


def _diff_style(line: str) -> str:
    if line.startswith(("+++", "---")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")


def print_summary(run: Run, file: TextIO, *, verbose: bool = False) -> None:
    """Print the findings and the table.

    Args:
        run: What was found.
        file: Where to.
        verbose: Whether every finding is printed, those about what was migrated too.
    """
    out = console(file)
    every = [(outcome, finding) for outcome in run.outcomes for finding in outcome.findings]
    dirty = [pair for pair in every if pair[1].code == "WKM905"]
    if dirty:
        which = "this file" if len(dirty) == 1 else f"these {len(dirty)} files"
        out.print(f"\nSkipped (WKM905): git has no copy of {which} as now", style="bold red")
        for outcome, _ in dirty[:_ROWS]:
            out.print(f"  {safe(outcome.path)}")
        if len(dirty) > _ROWS:
            out.print(f"  and {len(dirty) - _ROWS} more")
    for kind in ("error", "manual", "lost", "changed", "migrated"):
        pairs = [pair for pair in every if pair[1].kind == kind and pair not in dirty]
        if kind == "manual":
            pairs = run.waiting()
        if not pairs or (kind == "migrated" and not verbose):
            continue
        one_by_one = verbose or kind in ("error", "manual")
        number = f" ({len(pairs)})" if one_by_one else ""
        out.print(f"\n{KIND_TITLES[kind]}{number}", style=f"{_STYLES[kind]} bold")
        if one_by_one:
            _print_findings(out, pairs)
        else:
            out.print(_by_code(run, kind))
    if run.outcomes:
        out.print()
        out.print(_table(run))
    out.print()
    for note in run.notes:
        out.print(safe(note))
    out.print(f"{run.headline()}.", style="bold")
    for hint in _hints(run, verbose):
        out.print(hint, style="dim")


def _print_findings(out: Console, pairs: Iterable[tuple[Outcome, Finding]]) -> None:
    for outcome, finding in pairs:
        _print_finding(out, outcome, finding)


def _print_finding(out: Console, outcome: Outcome, finding: Finding) -> None:
    from rich.padding import Padding
    from rich.text import Text

    text = Text()
    text.append(safe(where(outcome, finding)), style="bold")
    text.append(f"  {finding.code} ", style=_STYLES[finding.kind])
    text.append(CODES[finding.code].title)
    out.print(Padding(text, (0, 0, 0, 2), expand=False))
    out.print(Padding(Text(safe(finding.message)), (0, 0, 0, 6), expand=False))
    if finding.suggestion:
        hint = Text(f"→ {safe(finding.suggestion)}", style="dim")
        out.print(Padding(hint, (0, 0, 0, 6), expand=False))


def _by_code(run: Run, kind: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style=_STYLES[kind])
    table.add_column()
    table.add_column(overflow="fold", style="dim")
    for one in run.sums(kind):
        title = CODES[one.code].title
        table.add_row(f"  {one.code}", title, Text(safe(one.counted())))
    return table


def _table(run: Run) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=len(run.outcomes) > 1)
    table.add_column(run.subject.noun.capitalize(), "Total", overflow="fold")
    # under target shim no call changes, and imports are what is done
    done = ("Imports", IMPORT) if run.target == "shim" else (run.subject.done, *run.subject.codes)
    columns: dict[str, Callable[[Outcome], int]] = {
        done[0]: lambda outcome: outcome.codes(*done[1:]),
        "Changed": lambda outcome: outcome.count("changed"),
        "Lost": lambda outcome: outcome.count("lost"),
        KIND_TITLES["manual"]: lambda outcome: outcome.count(*LEFT),
    }
    styles = [_STYLES[kind] for kind in ("migrated", "changed", "lost", "manual")]
    for title, number in columns.items():
        total = str(sum(map(number, run.outcomes)))
        table.add_column(title, total, justify="right", no_wrap=True)
    table.add_column("State", no_wrap=True)
    outcomes = sorted(run.outcomes, key=_urgency)
    for outcome in outcomes[:_ROWS]:
        cells: list[Text | str] = [Text(safe(outcome.path))]
        for number, style in zip(columns.values(), styles):
            count = number(outcome)
            cells.append(Text(str(count), style=style) if count else Text("·", style="dim"))
        state = _STATES.get(outcome.state, "")
        cells.append(Text(state, style="red" if outcome.state in _NOT_DONE else "green"))
        table.add_row(*cells)
    if len(outcomes) > _ROWS:
        more = f"and {len(outcomes) - _ROWS} more {run.subject.noun}s"
        table.add_row(Text(more, style="dim"))
    return table


def _urgency(outcome: Outcome) -> tuple[bool, bool, bool]:
    return outcome.state not in _NOT_DONE, not outcome.count(*LEFT), not outcome.changed


def _hints(run: Run, verbose: bool) -> list[str]:
    hints = []
    if run.files(PENDING) and not run.wrote:
        hints.append(run.subject.hint)
    if run.files(SKIPPED) and run.subject is CODE:
        hints.append("Nothing was written: commit first, or run again with --allow-dirty.")
    name = "wandb_keras_compat"
    if any(name in outcome.after and name not in outcome.before for outcome in run.outcomes):
        hints.append("The new code imports wandb_keras_compat: require wandb-keras-compat with it.")
    codes = [finding.code for outcome in run.outcomes for finding in outcome.findings]
    told = sorted((code for code in codes if CODES[code].kind != "migrated"), key=_weight)
    if told:
        hints.append(f"What a code means: --explain {told[0]}.")
    if run.target == "wandb" and run.count("lost", "metric") and run.subject is CODE:
        hints.append("--target compat keeps the metric names and loses nothing.")
    return hints


def _weight(code: str) -> int:
    return list(KIND_TITLES).index(CODES[code].kind)
