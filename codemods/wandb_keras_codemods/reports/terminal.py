"""Show a run on a terminal: the diff, what is left for a human, a summary table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from wandb_keras_codemods.files.outcome import FAILED, LEFT, PENDING, WRITTEN, Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import KIND_TITLES, Run, where

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")
_ONE_BY_ONE = ("error", "manual", "metric", "requirement")
_STYLES = {
    "error": "bold red",
    "manual": "yellow",
    "metric": "magenta",
    "requirement": "cyan",
    "lost": "red",
    "changed": "bright_blue",
    "migrated": "green",
}
_STATES = {PENDING: "to write", WRITTEN: "written", FAILED: "failed"}
_ROWS = 25  # a longer table hides what matters


def safe(text: str) -> str:
    """Return a text in which control characters are written out, for terminals."""
    return _CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def console(file: TextIO) -> Console:
    """Return a console that neither marks numbers nor reads markup."""
    from rich.console import Console

    return Console(file=file, highlight=False, markup=False, emoji=False)


def print_diff(run: Run, file: TextIO) -> None:
    """Print the unified diffs, coloured where the terminal allows it.

    Args:
        run: What was found.
        file: Where to.
    """
    colours = console(file)
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
    for kind, title in KIND_TITLES.items():
        if not run.count(kind):
            continue
        if verbose or kind in _ONE_BY_ONE:
            out.print(f"\n{title} ({run.count(kind)})", style=f"{_STYLES[kind]} bold")
            for outcome in run.outcomes:
                for finding in outcome.findings:
                    if finding.kind == kind:
                        _print_finding(out, outcome, finding)
        elif kind != "migrated":
            out.print(f"\n{title} ({run.count(kind)})", style=f"{_STYLES[kind]} bold")
            out.print(_by_code(run, kind))
    if run.outcomes:
        out.print()
        out.print(_table(run))
    out.print(f"\n{run.headline()}.", style="bold")
    for hint in _hints(run, verbose):
        out.print(hint, style="dim")


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
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold", style="dim", max_width=60)
    places: dict[str, list[str]] = {}
    for outcome in run.outcomes:
        for finding in outcome.findings:
            if finding.kind == kind:
                places.setdefault(finding.code, []).append(safe(where(outcome, finding)))
    for code, found in sorted(places.items()):
        table.add_row(f"  {code}", CODES[code].title, f"x{len(found)}", Text(found[0]))
    return table


def _table(run: Run) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=len(run.outcomes) > 1)
    table.add_column("File", "Total", overflow="fold")
    columns: dict[str, tuple[str, ...]] = {
        "Migrated": ("migrated",),
        "Changed": ("changed",),
        "Lost": ("lost",),
        "For you": LEFT,
    }
    for title, kinds in columns.items():
        table.add_column(title, str(run.count(*kinds)), justify="right", no_wrap=True)
    table.add_column("State", no_wrap=True)
    outcomes = sorted(run.outcomes, key=_urgency)
    for outcome in outcomes[:_ROWS]:
        cells: list[Text | str] = [Text(safe(outcome.path))]
        for kinds in columns.values():
            count = outcome.count(*kinds)
            style = _STYLES[kinds[0]]
            cells.append(Text(str(count), style=style) if count else Text("·", style="dim"))
        state = _STATES.get(outcome.state, "")
        cells.append(Text(state, style="red" if outcome.state == FAILED else "green"))
        table.add_row(*cells)
    if len(outcomes) > _ROWS:
        table.add_row(Text(f"and {len(outcomes) - _ROWS} more files", style="dim"))
    return table


def _urgency(outcome: Outcome) -> tuple[bool, bool, bool]:
    return outcome.state != FAILED, not outcome.count(*LEFT), not outcome.changed


def _hints(run: Run, verbose: bool) -> list[str]:
    hints = []
    if run.files(PENDING) and not run.wrote:
        hints.append("Nothing was written. Apply the migration with --write.")
    name = "wandb_keras_compat"
    if any(name in outcome.after and name not in outcome.before for outcome in run.outcomes):
        hints.append("The new code imports wandb_keras_compat: require wandb-keras-compat with it.")
    codes = [finding.code for outcome in run.outcomes for finding in outcome.findings]
    told = sorted((code for code in codes if CODES[code].kind != "migrated"), key=_weight)
    if told:
        hints.append(f"What a code means: --explain {told[0]}.")
    if run.target == "wandb" and run.count("lost", "metric"):
        hints.append("--target compat keeps the metric names and loses nothing.")
    return hints


def _weight(code: str) -> int:
    return list(KIND_TITLES).index(CODES[code].kind)
