"""Go through the records of a run's log once and collect what was recorded."""

from __future__ import annotations

import copy
import json
import os
from fnmatch import fnmatchcase
from typing import Any, Iterable

from .media import Normaliser
from .recording import (
    Artifact,
    ArtifactFile,
    File,
    Metric,
    Recording,
    RecordingError,
    Row,
    SummaryUpdate,
)
from .transaction_log import LogError, read_log

# Clocks and W&B's own bookkeeping.
VOLATILE = frozenset({"_runtime", "_timestamp", "_wandb"})
# What W&B itself puts beside the user's files.
OWN_FILES = frozenset(
    {
        "requirements.txt", "conda-environment.yaml", "wandb-metadata.json", "output.log",
        "config.yaml", "wandb-summary.json", "wandb-history.jsonl", "wandb-events.jsonl",
        "diff.patch", "code",
    }
)  # fmt: skip
POLICIES = {0: "now", 1: "end", 2: "live"}


def records_of(log: str) -> tuple[list[Any], list[str]]:
    """Return the parsed records of a transaction log, and a sentence for each unreadable part."""
    from wandb.proto import wandb_internal_pb2 as protocol

    with open(log, "rb") as file:
        data = file.read()
    try:
        chunks, notes = read_log(data)
    except LogError as error:
        raise RecordingError(f"{log} cannot be read: {error}") from None
    records = []
    for chunk in chunks:
        record = protocol.Record()
        try:
            record.ParseFromString(chunk)
        except Exception:  # the error's class depends on the protobuf release
            notes.append(f"a record of {len(chunk)} bytes is not what this wandb understands")
            continue
        records.append(record)
    return records, notes


def _nested(items: Iterable[Any]) -> dict[str, Any]:
    """Return key-value items as one tree: newer releases split dictionaries into nested keys."""
    tree: dict[str, Any] = {}
    for item in items:
        path = [item.key] if item.key else list(item.nested_key)
        branch = tree
        for step in path[:-1]:
            if not isinstance(branch.get(step), dict):
                branch[step] = {}
            branch = branch[step]
        branch[path[-1]] = json.loads(item.value_json) if item.value_json else None
    return tree


def _merge(into: dict[str, Any], tree: dict[str, Any]) -> None:
    """Update a summary: dictionaries key by key, media and everything else as a whole."""
    for key, value in tree.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, dict) and "_type" not in value:
            _merge(known, value)
        else:
            into[key] = value


class Collector:
    """Goes through the records once, in order."""

    def __init__(self, log: str, records: list[Any]) -> None:
        self._directory = os.path.dirname(os.path.abspath(log))
        self._files_folder = os.path.join(self._directory, "files")
        runs = [r.run for r in records if r.WhichOneof("record_type") == "run"]
        self._run = runs[-1] if runs else None
        self._run_id = str(self._run.run_id) if self._run is not None else ""
        self._plain = Normaliser(self._files_folder, self._run_id)
        self._version = "unknown"
        self._config: dict[str, Any] = {}
        self._history: list[Row] = []
        self._summary: dict[str, Any] = {}
        self._updates: list[tuple[dict[str, Any], tuple[str, ...], int, bool]] = []
        self._metrics: dict[str, Metric] = {}
        self._policies: dict[str, str] = {}
        self._artifacts: list[Artifact] = []
        for record in records:
            kind = record.WhichOneof("record_type")
            take = getattr(self, f"_take_{kind}", None)
            if take is not None:
                take(getattr(record, kind))

    def recording(self, finished: bool, notes: list[str]) -> Recording:
        """Return what was read."""
        run = self._run
        return Recording(
            directory=self._directory,
            run_id=self._run_id,
            name=(self._plain.text(run.display_name) or None) if run is not None else None,
            project=(str(run.project) or None) if run is not None else None,
            wandb_version=self._version,
            finished=finished,
            config=self._config,
            history=tuple(self._history),
            summary=self._final_summary(),
            summary_updates=self._explicit_updates(),
            summary_timed=not self._only_at_the_end(),
            metrics=tuple(sorted(self._metrics.values(), key=lambda metric: metric.name)),
            files=self._files(),
            artifacts=tuple(self._artifacts),
            notes=tuple(notes),
        )

    def _take_header(self, header: Any) -> None:
        version = getattr(header, "version_info", None)  # since wandb 0.13.5
        if version is not None:
            self._version = version.producer.split("+")[0] or self._version

    def _take_run(self, run: Any) -> None:
        self._version = run.telemetry.cli_version or self._version
        self._take_config(run.config)

    def _take_telemetry(self, telemetry: Any) -> None:
        self._version = telemetry.cli_version or self._version

    def _take_config(self, config: Any) -> None:
        for key, value in _nested(config.update).items():
            if not key.startswith("_wandb"):
                self._config[key] = self._plain.value(value)
        for item in config.remove:
            self._config.pop(item.key, None)

    def _take_history(self, history: Any) -> None:
        tree = _nested(history.item)
        step = int(tree.pop("_step", history.step.num))
        values = {k: tree[k] for k in sorted(tree) if k not in VOLATILE}
        kept = {k: v for k, v in values.items() if not self._aggregated(k)}
        _merge(self._summary, {**copy.deepcopy(kept), "_step": step})
        self._history.append(Row(step, self._plain.value(values)))

    def _aggregated(self, key: str) -> bool:
        """Whether the key's summary is a minimum or the like, which W&B records itself."""
        return any(m.summary and fnmatchcase(key, m.name) for m in self._metrics.values())

    def _take_summary(self, summary: Any) -> None:
        tree = _nested(summary.update)
        derived = "_step" in tree  # written by W&B itself, from the rows so far
        removed = [i.key if i.key else ".".join(i.nested_key) for i in summary.remove]
        _merge(self._summary, copy.deepcopy(tree))
        for key in removed:
            self._summary.pop(key, None)
        values = {k: v for k, v in tree.items() if k not in VOLATILE and k != "_step"}
        if values or removed:
            self._updates.append((values, tuple(removed), len(self._history), derived))

    def _take_metric(self, metric: Any) -> None:
        if getattr(metric, "expanded_from_glob", False):  # follows from the pattern's own record
            return
        name = metric.name or metric.glob_name
        known = self._metrics.get(name)
        summary = tuple(sorted(f.name for f, _ in metric.summary.ListFields()))
        axis = metric.step_metric or (known.step_metric if known else None)
        self._metrics[name] = Metric(name, axis, summary or (known.summary if known else ()))

    def _take_files(self, files: Any) -> None:
        for file in files.files:
            self._policies[file.path] = POLICIES.get(int(file.policy), str(file.policy))

    def _take_artifact(self, artifact: Any) -> None:
        contents = [
            ArtifactFile(self._plain.text(e.path), e.digest, int(e.size), e.local_path or None)
            for e in artifact.manifest.contents
        ] or self._manifest_file(getattr(artifact.manifest, "manifest_file_path", ""))
        try:
            metadata = json.loads(artifact.metadata or "{}")
        except ValueError:
            metadata = {}
        self._artifacts.append(
            Artifact(
                name=self._plain.text(artifact.name),
                type=artifact.type,
                aliases=tuple(sorted(artifact.aliases)),
                contents=tuple(sorted(contents, key=lambda entry: entry.path)),
                metadata=self._plain.value(metadata or {}),
                after_rows=len(self._history),
            )
        )

    def _manifest_file(self, path: str) -> list[ArtifactFile]:
        """Read the manifest that W&B keeps outside the log when an artifact has many files."""
        try:
            with open(path, encoding="utf-8") as file:
                contents = json.load(file)["contents"]
        except (OSError, ValueError, KeyError):
            return []
        return [
            ArtifactFile(
                self._plain.text(name), e["digest"], int(e.get("size", 0)), e.get("local_path")
            )
            for name, e in contents.items()
        ]

    def _final_summary(self) -> dict[str, Any]:
        summary = dict(self._summary)
        try:
            with open(os.path.join(self._files_folder, "wandb-summary.json"), "rb") as file:
                summary.update(json.loads(file.read().decode("utf-8")))
        except (OSError, ValueError):  # many releases write it only when online
            pass
        kept = {key: summary[key] for key in sorted(summary) if key not in VOLATILE}
        return dict(self._plain.value(kept))

    def _only_at_the_end(self) -> bool:
        """Whether W&B wrote the summary once, explicit and derived keys together (up to 0.17)."""
        logged = {key for row in self._history for key in row.values}
        return any(derived and values.keys() - logged for values, _, _, derived in self._updates)

    def _explicit_updates(self) -> tuple[SummaryUpdate, ...]:
        logged = {key for row in self._history for key in row.values}
        explicit = []
        for values, removed, after_rows, derived in self._updates:
            own = {k: v for k, v in values.items() if not (derived and k in logged)}
            if own or removed:
                explicit.append(SummaryUpdate(self._plain.value(own), removed, after_rows))
        return tuple(explicit)

    def _files(self) -> tuple[File, ...]:
        sizes: dict[str, int | None] = {path: None for path in self._policies if "*" not in path}
        for folder, _folders, names in os.walk(self._files_folder):
            for name in names:
                full = os.path.join(folder, name)
                path = os.path.relpath(full, self._files_folder).replace(os.sep, "/")
                sizes[path] = os.path.getsize(full) if os.path.exists(full) else None
        return tuple(
            sorted(
                (
                    File(self._plain.text(path), size, self._policies.get(path))
                    for path, size in sizes.items()
                    if path.split("/")[0] not in OWN_FILES
                ),
                key=lambda file: file.path,
            )
        )
