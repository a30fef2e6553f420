"""What one run recorded: a plain, comparable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from .history import History, Row


class RecordingError(ValueError):
    """There is no run to read, more than one, or its log cannot be read."""


@dataclass(frozen=True)
class SummaryUpdate:
    """One explicit write to the summary; what follows from the history alone is not listed.

    Args:
        values: Keys set, with their values.
        removed: Keys removed.
        after_rows: Number of history rows recorded before.
    """

    values: Mapping[str, Any]
    removed: tuple[str, ...]
    after_rows: int


@dataclass(frozen=True)
class Metric:
    """One ``define_metric``.

    Args:
        name: Name or pattern.
        step_metric: Its x axis, or None.
        summary: Names of the summaries asked for, such as ``("min",)``.
    """

    name: str
    step_metric: str | None
    summary: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """One file of the run, W&B's own left out.

    Args:
        path: Path below the run's files; content hashes in media names are replaced.
        size: Its size in bytes, or None when it was announced but does not exist.
        policy: When it is uploaded (``"now"``, ``"end"``, ``"live"``); None if never announced.
    """

    path: str
    size: int | None
    policy: str | None


@dataclass(frozen=True)
class ArtifactFile:
    """One file of an artifact.

    Args:
        path: Path inside the artifact.
        digest: W&B's digest of the content (base64 of MD5).
        size: Size in bytes.
        local_path: Where the content is staged on the machine that logged it, or None.
    """

    path: str
    digest: str
    size: int
    local_path: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Artifact:
    """One logged artifact version.

    Args:
        name: Its name, with the run's id replaced.
        type: Its type.
        aliases: Its aliases, sorted.
        contents: Its files, sorted by path.
        metadata: Its metadata.
        after_rows: Number of history rows recorded before.
    """

    name: str
    type: str
    aliases: tuple[str, ...]
    contents: tuple[ArtifactFile, ...]
    metadata: Mapping[str, Any]
    after_rows: int


@dataclass(frozen=True)
class Recording:
    """What one run recorded.

    Args:
        directory: Directory of the run.
        run_id: The run's id.
        name: The run's name, or None.
        project: The run's project, or None.
        wandb_version: The release that wrote the log, or ``"unknown"``.
        finished: Whether the run ended properly.
        config: The run's configuration.
        history: The rows, in order.
        summary: The summary at the end.
        summary_updates: Explicit writes to the summary, in order.
        summary_timed: Whether the log tells when the summary was written; W&B up to 0.17 wrote it
            once, at the end, so that overwritten values are lost.
        metrics: The metrics defined, sorted by name.
        files: The files, sorted by path.
        artifacts: The artifacts, in order.
        notes: What has to be known of the recording, a sentence each.
        unread: Those of the notes that tell of what was not read: a comparison cannot know it.
    """

    directory: str = field(compare=False)
    run_id: str = field(compare=False)
    name: str | None
    project: str | None
    wandb_version: str = field(compare=False)
    finished: bool
    config: Mapping[str, Any]
    history: Sequence[Row]
    summary: Mapping[str, Any]
    summary_updates: tuple[SummaryUpdate, ...]
    summary_timed: bool = field(compare=False)
    metrics: tuple[Metric, ...]
    files: tuple[File, ...]
    artifacts: tuple[Artifact, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "history", History.of(self.history))

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all rows, sorted."""
        return tuple(History.of(self.history).columns)

    def column(self, key: str) -> list[Any]:
        """Return a key's values, row by row; rows without the key are left out."""
        column = History.of(self.history).columns.get(key)
        return [] if column is None else list(column.values)
