"""Show side by side what each target makes of a code base, and how to choose one."""

from __future__ import annotations

from collections import Counter
from typing import Sequence, TextIO

from wandb_keras_codemods.findings import CODES
from wandb_keras_codemods.legacy.targets import BEFORE, TARGETS

from . import Run
from .terminal import console

_NARROW = 100  # columns below which three targets cannot stand side by side
# uses of the class that no target replaces: it stays, and comes from wandb_keras_compat
_KEPT = frozenset(
    {
        "WKM401", "WKM402", "WKM403", "WKM404", "WKM405", "WKM406", "WKM407", "WKM408", "WKM409",
        "WKM410", "WKM411", "WKM412", "WKM415", "WKM416", "WKM417", "WKM419", "WKM421", "WKM424",
    }
)  # fmt: skip


def print_comparison(runs: Sequence[Run], file: TextIO) -> None:
    """Print a table with a column for each target.

    Args:
        runs: What each target makes of the same files.
        file: Where to.
    """
    from rich import box
    from rich.table import Table

    out = console(file)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for run in runs:
        table.add_column(f"--target {run.target}", ratio=1, overflow="fold")
    for title, cells in _rows(runs):
        table.add_row(title, *cells)
    out.print(f"Recorded until now: {BEFORE}.", soft_wrap=True)
    out.width = max(out.width, _NARROW)
    out.print(table)
    out.print("Kept calls run the same, as wandb_keras_compat.WandbCallback.\n", soft_wrap=True)
    for name, target in TARGETS.items():
        out.print(f"Choose --target {name} to {target.purpose}.", soft_wrap=True)
    out.print(
        "Look at one: add --target NAME. Do it: add --write, too. Keep the choice: target = "
        '"NAME" under [tool.wandb-keras-migrate] in pyproject.toml.',
        soft_wrap=True,
    )


def _rows(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    told = {run.target: _codes(run) for run in runs}
    migrated = {name: codes["WKM101"] for name, codes in told.items()}
    refused = {name: sum(codes[code] for code in _KEPT) for name, codes in told.items()}
    kept = dict(refused)
    # what the shim keeps is all that compat has seen, less what it cannot import anew
    kept["shim"] = migrated["compat"] + refused["compat"] - refused["shim"]
    names = [run.target for run in runs]
    return [
        ("the code becomes", [TARGETS[name].becomes for name in names]),
        ("calls migrated", [str(migrated[name]) for name in names]),
        ("calls kept", [str(kept[name]) for name in names]),
        ("left for you", [str(run.left) for run in runs]),
        ("recorded then", [TARGETS[name].recorded for name in names]),
        ("lost", [_lost(told[name]) for name in names]),
        ("needs", [TARGETS[name].needs for name in names]),
    ]


def _codes(run: Run) -> Counter[str]:
    return Counter(finding.code for outcome in run.outcomes for finding in outcome.findings)


def _lost(codes: Counter[str]) -> str:
    """Return what of this code base's records is lost, and of how many calls."""
    lost = sorted((code, number) for code, number in codes.items() if CODES[code].kind == "lost")
    titles = ((CODES[code].title.replace(" lost", ""), number) for code, number in lost)
    return ", ".join(f"{title} ({number}x)" for title, number in titles) or "nothing"
