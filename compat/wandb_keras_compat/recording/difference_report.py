"""Print the differences between two runs for people and for programs."""

from __future__ import annotations

import json
import os
import shlex
from typing import Mapping, Sequence

from wandb_keras_compat._printed import counted, safe

from .differences import ABSENT, Difference
from .recording import Recording
from .renaming import escape

SAME_RUN = "A and B are one and the same run, which tells nothing of another"


def as_text(
    a: Recording,
    b: Recording,
    differences: Sequence[Difference],
    tolerance: float,
    notes: Sequence[str] = (),
) -> str:
    """Return the report that ``wandb-keras-compat compare`` prints."""
    lines = [_headline("A", a), _headline("B", b), ""]
    for label, recording in (("A", a), ("B", b)):
        told = [note for note in recording.notes if note not in recording.unread]
        lines += [f"Note on {label}: {note}." for note in told]
    lines += [f"Note: {note}." for note in notes]
    if same_run(a, b):
        lines.append(f"Note: {SAME_RUN}.")
    if not differences:
        parts = [
            f"{counted(len(b.history), 'row')} of {counted(len(b.keys()), 'key')}",
            counted(len(b.summary), "summary key"),
            counted(len(b.files), "file"),
            counted(len(b.artifacts), "artifact"),
        ]
        lines.append(f"No difference: {', '.join(parts)} (tolerance {tolerance:g}).")
        return "\n".join(map(safe, lines))
    width = min(36, max(len(safe(difference.key)) for difference in differences))
    where = ""
    for difference in differences:
        if difference.where != where:
            where = difference.where
            lines.append(where)
        lines.append(f"  {safe(difference.key):<{width}}  {difference.what}")
    count = sum(difference.known for difference in differences)
    unknown = len(differences) - count
    verdict = counted(count, "difference") if count else "No difference"
    verdict += " in what could be compared" if unknown else ""
    lines += ["", f"{verdict} (tolerance {tolerance:g})."]
    if unknown:
        lines.append(f"{counted(unknown, 'thing')} could not be compared.")
    maps = _maps(suggest(differences), a, b)
    if maps:
        lines.append(f"Renamed? Try: {' '.join(f'--map {shlex.quote(rule)}' for rule in maps)}")
    return "\n".join(map(safe, lines))


def same_run(a: Recording, b: Recording) -> bool:
    """Whether both were read from the log of one run."""
    return a.run_id == b.run_id and os.path.realpath(a.directory) == os.path.realpath(b.directory)


def as_json(
    a: Recording,
    b: Recording,
    differences: Sequence[Difference],
    tolerance: float,
    notes: Sequence[str] = (),
) -> str:
    """Return the report of ``wandb-keras-compat compare --json``."""
    runs = {
        label: {
            "directory": recording.directory,
            "wandb": recording.wandb_version,
            "rows": len(recording.history),
            "notes": list(recording.notes),
        }
        for label, recording in (("a", a), ("b", b))
    }
    found = [
        {"where": d.where, "key": d.key, "what": d.what, "a": d.a, "b": d.b, "known": d.known}
        for d in differences
    ]
    report = {
        "equal": not found,
        "same_run": same_run(a, b),
        "tolerance": tolerance,
        "notes": list(notes),
        **runs,
        "differences": found,
    }
    return json.dumps(report, indent=2)


def suggest(differences: Sequence[Difference]) -> dict[str, str]:
    """Return keys of the first run that the second seems to have under a prefix.

    Example:
        >>> gone = Difference("history", "loss", "only in A", "1", "absent")
        >>> new = Difference("history", "epoch/loss", "only in B", "absent", "1")
        >>> suggest([gone, new])
        {'loss': 'epoch/loss'}
    """
    gone = [d.key for d in differences if d.where == "history" and d.b == ABSENT]
    new = [d.key for d in differences if d.where == "history" and d.a == ABSENT]
    renames: dict[str, str] = {}
    for key in gone:
        candidates: list[str] = [k for k in new if k.endswith(f"/{key}")]
        if len(candidates) == 1:
            renames[key] = candidates[0]
    return renames


def _maps(renames: Mapping[str, str], a: Recording, b: Recording) -> list[str]:
    """Return the rules that rename so: one with a star unless it takes what both have."""
    prefixes = {new[: -len(old)] for old, new in renames.items()}
    if len(renames) > 1 and len(prefixes) == 1:
        (prefix,) = prefixes
        there = {*b.keys(), *b.summary}
        if not any(prefix + key in there for key in {*a.keys(), *a.summary} & there):
            return [f"*={escape(prefix)}*"]
    return [f"{escape(old)}={escape(new)}" for old, new in renames.items()]


def _headline(label: str, recording: Recording) -> str:
    rows = counted(len(recording.history), "row")
    return f"{label}  {recording.directory}  (wandb {recording.wandb_version}, {rows})"
