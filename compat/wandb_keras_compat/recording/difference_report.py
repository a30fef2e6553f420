"""Print the differences between two runs for people and for programs."""

from __future__ import annotations

import json
import shlex
from typing import Sequence

from wandb_keras_compat._printed import safe

from .differences import ABSENT, Difference
from .recording import Recording
from .renaming import escape


def as_text(a: Recording, b: Recording, differences: Sequence[Difference], tolerance: float) -> str:
    """Return the report that ``wandb-keras-compat compare`` prints."""
    lines = [_headline("A", a), _headline("B", b), ""]
    for label, recording in (("A", a), ("B", b)):
        told = [note for note in recording.notes if note not in recording.unread]
        lines += [f"Note on {label}: {note}." for note in told]
    if not differences:
        lines.append(
            f"No difference: {len(b.history)} rows of {len(b.keys())} keys,"
            f" {len(b.summary)} summary keys, {len(b.files)} files, {len(b.artifacts)} artifacts"
            f" (tolerance {tolerance:g})."
        )
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
    verdict = f"{count or 'No'} difference{'s' * (count != 1)}"
    verdict += " in what could be compared" if unknown else ""
    lines += ["", f"{verdict} (tolerance {tolerance:g})."]
    if unknown:
        lines.append(f"{unknown} thing{'s' * (unknown > 1)} could not be compared.")
    renames = suggest(differences)
    if renames:
        rules = (f"{escape(old)}={escape(new)}" for old, new in renames.items())
        maps = " ".join(f"--map {shlex.quote(rule)}" for rule in rules)
        lines.append(f"Renamed? Try: {maps}")
    return "\n".join(map(safe, lines))


def as_json(a: Recording, b: Recording, differences: Sequence[Difference], tolerance: float) -> str:
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
    report = {"equal": not found, "tolerance": tolerance, **runs, "differences": found}
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


def _headline(label: str, recording: Recording) -> str:
    rows = len(recording.history)
    return f"{label}  {recording.directory}  (wandb {recording.wandb_version}, {rows} rows)"
