"""Print what a script recorded: its runs as plain tables, and how to look at them."""

from __future__ import annotations

import os
from typing import Sequence

from wandb_keras_compat._printed import counted, safe
from wandb_keras_compat._table import aligned, table

from .reader import read
from .recording import Artifact, Recording, RecordingError
from .values import shown


def show(folders: Sequence[str], wait: float = 15.0) -> str:
    """Return a report on runs.

    Args:
        folders: Their directories.
        wait: Seconds to wait for the end of a log that is still being written.
    """
    if not folders:
        return "Nothing was recorded: the script started no W&B run that writes to disk."
    parts = []
    for folder in folders:
        try:
            parts.append(_report(read(folder, wait=wait)))
        except RecordingError as error:
            parts.append(f"{safe(folder)}: {error}")
    if len(folders) == 1:
        parts.append(
            f"Compare it with another run: wandb-keras-compat compare {safe(folders[0])} OTHER"
        )
    else:
        first, second = folders[:2]
        parts.append(f"Compare two runs: wandb-keras-compat compare {safe(first)} {safe(second)}")
    last = parts.pop()
    return "\n\n".join(parts) + f"\n{last}"


def _report(recording: Recording) -> str:
    rows = counted(len(recording.history), "row")
    title = f"Run {recording.name or recording.run_id}"
    title += f" ({recording.project})" if recording.project else ""
    lines = [f"{title}: {rows} of history", ""]
    logged = recording.keys()
    columns = {key: recording.column(key) for key in logged}
    numbers = [
        (key, str(len(values)), shown(values[0]), shown(values[-1]), _best(key, recording))
        for key, values in columns.items()
    ]
    if numbers:
        lines += table(("key", "rows", "first", "last", "best"), numbers)
    other = [
        (key, shown(value))
        for key, value in recording.summary.items()
        if key not in columns and not key.startswith("_")
    ]
    if other:
        lines += ["", *table(("summary", "value"), other)]
    media = [file for file in recording.files if file.path.startswith("media/")]
    files = [
        (file.path, "not written" if file.size is None else _size(file.size))
        for file in recording.files
        if file not in media
    ]
    if media:
        files.append(
            (
                f"media/ ({counted(len(media), 'file')})",
                _size(sum(file.size or 0 for file in media)),
            )
        )
    recorded = [("file", *file) for file in files] + _versions(recording.artifacts)
    if recorded:
        lines += ["", *aligned(recorded)]
    lines += ["", *(f"Note: {note}." for note in recording.notes)]
    lines.append(f"Run directory: {recording.directory}")
    if os.path.basename(recording.directory).startswith("offline-"):
        lines.append(f"Upload it:     wandb sync {recording.directory}")
    return "\n".join(map(safe, lines))


def _best(key: str, recording: Recording) -> str:
    """Return the best value that the summary has for a key, with its epoch."""
    suffix = f"best_{key}"
    if suffix not in recording.summary or key == "epoch":
        return ""
    best = shown(recording.summary[suffix])
    epoch = recording.summary.get("best_epoch")
    return best if epoch is None else f"{best} (epoch {epoch})"


def _versions(artifacts: Sequence[Artifact]) -> list[tuple[str, str, str]]:
    """Return a line for each artifact: its type, its versions by their first aliases, a content."""
    found: dict[tuple[str, str], list[Artifact]] = {}
    for artifact in artifacts:
        found.setdefault((artifact.name, artifact.type), []).append(artifact)
    rows = []
    for (name, kind), versions in found.items():
        names = [next(iter(version.aliases), "-") for version in versions]
        shown = names if len(names) <= 4 else [names[0], f"{len(names) - 2} more", names[-1]]
        rows.append(("artifact", name, f"{kind} {', '.join(shown)}: {_contents(versions[-1])}"))
    return rows


def _contents(artifact: Artifact) -> str:
    paths = [file.path for file in artifact.contents]
    return ", ".join(paths if len(paths) <= 3 else [*paths[:3], f"{len(paths) - 3} more"])


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
