"""Make the tables of costs, README's and docs/costs.md, from the records in docs/costs."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, Callable, Tuple

NOT_LOGGED = ("WandbMetricsLogger(log_freq=n)", "WandbCallback(log_batch_frequency=n)")
RECORDS = Path(__file__).parent / "costs"
PAGE = Path(__file__).with_name("costs.md")
ROWS = ("oracle-2.15", "keras3-tensorflow", "keras3-jax")  # overhead and memory are recorded there

# case of benchmarks/overhead.py, unit, whose bare log compares, what a reader knows it as
CASES = (
    (
        "legacy, batches",
        "batch",
        "legacy, batches",
        "a batch, `WandbCallback(log_batch_frequency=1)`",
    ),
    (
        "trio, batches",
        "batch",
        "trio, batches + rate",
        """a batch, `WandbMetricsLogger("batch")`""",
    ),
    (
        "trio, batches",
        "batch",
        "legacy, batches",
        "the same, of a bare log without the learning rate",
    ),
    ("legacy, epochs", "epoch", "legacy, epochs", "an epoch, `WandbCallback()`"),
    ("trio, epochs", "epoch", "trio, epochs + rate", "an epoch, `WandbMetricsLogger()`"),
    (
        "trio, epochs",
        "epoch",
        "legacy, epochs",
        "the same, of a bare log without the learning rate",
    ),
)
# What README sums up: each beside a bare log of the very same row.
LIKE_FOR_LIKE = tuple(what for *_, what in CASES if what != CASES[2][3])
Case = Tuple[str, str, str, str]
# way of measuring -> what it is
WAYS = {
    "fit": "The whole fit by the clock, less the same fit without a callback",
    "hook": "The calls of the callback by the clock",
    "processor": "The calls of the callback in processor time of the training thread",
}


def record(name: str) -> dict[str, Any]:
    """Return a record by the name of its file."""
    found: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def readme() -> str:
    """Return README's sentences."""
    start = record("startup")["added"]
    cases = {case[3]: case for case in CASES}
    ratios = {
        what: [float(_ratios(o, case, "hook").split()[0]) for o in _overheads()]
        for what, case in cases.items()
    }
    every = [ratio for what in LIKE_FOR_LIKE for ratio in ratios[what]]
    return README_FORM.format(
        least=min(every),
        most=max(every),
        package=start["import wandb_keras_compat"],
        shim=start["with the shim enabled"],
    )


def page() -> str:
    """Return docs/costs.md."""
    overheads, start = _overheads(), record("startup")
    memories = [record(f"memory-{row}") for row in ROWS]
    ways = [
        f"{meaning}:\n\n{_table(overheads, _rows(overheads, partial(_times, way=way)))}"
        for way, meaning in WAYS.items()
    ]
    unlogged = [
        [f"`{name}`", *(f"{o['not logged'][name]:.2f} μs" for o in overheads)]
        for name in NOT_LOGGED
    ]
    grown = [
        [
            what,
            *(f"{g['MB']:+.1f} MB ({g['compiled']})" for g in (m["grown"][what] for m in memories)),
        ]
        for what in memories[0]["grown"]
    ]
    return PAGE_FORM.format(
        cores=overheads[0]["cores"],
        ways="\n\n".join(ways),
        unlogged=_table(overheads, unlogged),
        start=_table([start], [[name, f"{ms:.1f} ms"] for name, ms in start["added"].items()]),
        rounds=start["rounds"],
        batches=memories[0]["batches"],
        epochs=memories[0]["epochs"],
        memory=_table(memories, grown),
    )


def _overheads() -> list[dict[str, Any]]:
    return [record(row) for row in ROWS]


def _rows(
    overheads: list[dict[str, Any]], cell: Callable[[dict[str, Any], Case], str]
) -> list[list[str]]:
    return [[case[-1], *(cell(o, case) for o in overheads)] for case in CASES]


def _times(overhead: dict[str, Any], case: Case, way: str) -> str:
    name, unit, *_ = case
    ours = overhead[unit][way][f"ours {name}"]
    return f"{ours:.0f} μs, {_ratios(overhead, case, way)}"


def _ratios(overhead: dict[str, Any], case: Case, way: str) -> str:
    name, unit, plain, _ = case
    times = overhead[unit][way]
    shown = f"{times[f'ours {name}'] / times[f'bare {plain}']:.2f}"
    theirs = times.get(f"upstream {name}")
    return shown if theirs is None else f"{shown} ({theirs / times[f'bare {plain}']:.2f})"


def _head(record: dict[str, Any]) -> str:
    return "<br>".join(record["what"].split(", "))


def _table(records: list[dict[str, Any]], rows: list[list[str]]) -> str:
    lines = [["what", *map(_head, records)], ["---", *("--:" for _ in records)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


README_FORM = """\
Logging a row takes {least:.2f} to {most:.2f} times as long as a bare `run.log` of it.
`import wandb_keras_compat` takes {package:.1f} ms; with the shim enabled an interpreter starts
{shim:.1f} ms later. [What it costs](docs/costs.md) has all figures, W&B's beside ours."""

PAGE_FORM = """\
# What it costs

Measured offline, on {cores} core of a shared machine, by `benchmarks/overhead.py`, `startup.py` and
`memory.py`; their records are in `docs/costs`. Times are medians of rounds that take turns in one
process.

## A row of history

What logging adds, and its multiple of what a bare `run.log` of the same row adds; W&B's own
callbacks in brackets, where they run. The bare log reads the learning rate where the callback does,
or logs what Keras hands over and no more.
In the first table the client's own process takes turns with the training on the same core. An epoch
of Keras 3 on TensorFlow takes 60 ms here: what a row adds to it is less than its scatter.

{ways}

## A batch that is not logged

{unlogged}

## Start

More than the same without this package, in processor time, the least of {rounds} rounds. The script
is empty; one that imports wandb imports most of it anyway.

{start}

## Memory

What the process grew by in the last three quarters of {batches:,} batches, all logged, and of
{epochs} epochs with weights, gradients, pictures and a table; in brackets the functions compiled
meanwhile.
"Client alone" logs such rows without Keras, "Keras alone" trains without W&B.

{memory}
"""
