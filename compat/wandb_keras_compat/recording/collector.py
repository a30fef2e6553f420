"""Go through the records of a run's log once and collect what was recorded."""

from __future__ import annotations

import os
from typing import Any, Iterable

from . import records
from .folder import Folder, OutsideError
from .items import key_of, name_of, take_apart, tree_of
from .media import Normaliser
from .recording import Artifact, ArtifactFile, File, Metric, Recording, SummaryUpdate
from .rows import STEP, Rows
from .summary import VOLATILE, Summary
from .texts import load, load_all
from .wire import WireError, read, split

# What W&B itself puts beside the user's files.
OWN_FILES = frozenset(
    {
        "requirements.txt", "conda-environment.yaml", "wandb-metadata.json", "output.log",
        "config.yaml", "wandb-summary.json", "wandb-history.jsonl", "wandb-events.jsonl",
        "diff.patch", "code",
    }
)  # fmt: skip
_STEP_NAME = name_of(STEP)
_VOLATILE = frozenset(map(name_of, (*VOLATILE, STEP)))
POLICIES = {0: "now", 1: "end", 2: "live"}


class Collector:
    """Takes the records one by one, in order.

    Args:
        log: Path of the log.
        notes: Gets a sentence for each part that cannot be read.
        together: How many values of rows are read at once; 0 bears what is no JSON.
    """

    def __init__(self, log: str, notes: list[str], together: int = 0) -> None:
        self._folder = Folder(os.path.dirname(os.path.abspath(log)))
        self._notes = notes
        self._run: dict[str, Any] = read(b"", records.RUN)
        self._version = "unknown"
        self._config: dict[str, Any] = {}
        self._summary = Summary()
        self._rows = Rows(self._summary, notes, together)
        self._updates: list[tuple[dict[str, Any], tuple[str, ...], int, bool]] = []
        self._metrics: dict[str, Metric] = {}
        self._policies: dict[str, str] = {}
        self._artifacts: list[tuple[dict[str, Any], int]] = []
        self.finished = False
        self._takes = {
            number: getattr(self, f"_take_{kind}") for number, kind in records.RECORDS.items()
        }

    def take(self, record: bytes) -> None:
        """Take a record; what cannot be understood is noted.

        Raises:
            UnreadableError: If rows are read together, and a value of theirs is no JSON.
        """
        try:
            for number, value in split(record):
                take = self._takes.get(number)
                if take is not None:
                    if not isinstance(value, bytes):
                        raise WireError("a record is no message")
                    take(value)
        except ValueError:  # of the wire, or text that is none
            self._notes.append(
                f"a record of {len(record)} bytes is not what this package understands"
            )

    def recording(self, notes: Iterable[str] = ()) -> Recording:
        """Return what was read.

        Args:
            notes: What else has to be known.

        Raises:
            UnreadableError: If rows are read together, and a value of theirs is no JSON.
        """
        run_id = self._run["run_id"]
        plain = Normaliser(self._folder, run_id, self._notes)
        history = self._rows.history(plain.value)
        summary = self._final_summary(plain)
        explicit = self._explicit_updates(plain)
        config = {key: plain.value(value) for key, value in self._config.items()}
        files = self._files(plain)
        artifacts = tuple(self._artifact(raw, rows, plain) for raw, rows in self._artifacts)
        unread = tuple(dict.fromkeys(self._notes))
        return Recording(
            directory=self._folder.path,
            run_id=run_id,
            name=plain.text(self._run["display_name"]) or None,
            project=self._run["project"] or None,
            wandb_version=self._version,
            finished=self.finished,
            config=config,
            history=history,
            summary=summary,
            summary_updates=explicit,
            summary_timed=not self._only_at_the_end(),
            metrics=tuple(sorted(self._metrics.values(), key=lambda metric: metric.name)),
            files=files,
            artifacts=artifacts,
            notes=(*unread, *notes),
            unread=unread,
        )

    def _take_exit(self, exit_: bytes) -> None:
        self.finished = True

    def _take_header(self, header: bytes) -> None:
        producer = read(header, records.HEADER)["version_info"]["producer"]
        self._version = producer.split("+")[0] or self._version

    def _take_run(self, data: bytes) -> None:
        self._run = read(data, records.RUN)
        self._version = self._run["telemetry"]["cli_version"] or self._version
        self._take_config(self._run["config"])

    def _take_telemetry(self, telemetry: bytes) -> None:
        self._version = read(telemetry, records.TELEMETRY)["cli_version"] or self._version

    def _take_config(self, config: bytes) -> None:
        found = read(config, records.CONFIG)
        for key, value in tree_of(found["update"], self._notes, "the configuration").items():
            if not key.startswith("_wandb"):
                self._config[key] = value
        for item in found["remove"]:
            self._config.pop(item["key"] or ".".join(item["nested_key"]), None)

    def _take_history(self, history: bytes) -> None:
        self._rows.take(history)

    def _take_summary(self, record: bytes) -> None:
        names, texts, others, after = take_apart(record)
        rest = read(after, records.UPDATE)
        tree = tree_of([*others, *rest["update"]], self._notes, "the summary")
        derived = _STEP_NAME in names or STEP in tree  # written by W&B itself, from the rows so far
        own = [name for name in names if name not in _VOLATILE and name not in self._rows.names]
        if not derived:
            own = [name for name in names if name not in _VOLATILE]
        if b"{" in record and any(text.startswith(b"{") for text in texts):
            values = load_all(texts)
            self._summary.write_values(names, texts, values)
        else:
            self._summary.write_texts(names, texts)
        self._summary.write(tree)
        removed = [(i["key"],) if i["key"] else tuple(i["nested_key"]) for i in rest["remove"]]
        for path in filter(None, removed):
            self._summary.remove(path)
        if own:
            said = dict(zip(names, texts))
            values = load_all([said[name] for name in own])
            tree = {**tree, **{key_of(name): value for name, value in zip(own, values)}}
        told = {
            key: value
            for key, value in tree.items()
            if key not in VOLATILE and key != STEP and not isinstance(value, ValueError)
        }
        if told or removed:
            forgotten = tuple(".".join(path) for path in removed)
            self._updates.append((told, forgotten, len(self._rows), derived))

    def _take_metric(self, data: bytes) -> None:
        metric = read(data, records.METRIC)
        if metric["expanded_from_glob"]:  # follows from the pattern's own record
            return
        name = metric["name"] or metric["glob_name"]
        known = self._metrics.get(name)
        kinds = {
            records.SUMMARIES.get(number) for number, value in split(metric["summary"]) if value
        }
        summary = tuple(sorted(filter(None, kinds)))
        axis = metric["step_metric"] or (known.step_metric if known else None)
        self._metrics[name] = Metric(name, axis, summary or (known.summary if known else ()))
        if summary:
            self._summary.aggregate(name)

    def _take_files(self, files: bytes) -> None:
        for file in read(files, records.FILES)["files"]:
            policy = file["policy"]
            self._policies[file["path"]] = POLICIES.get(policy, str(policy))

    def _take_artifact(self, artifact: bytes) -> None:
        self._artifacts.append((read(artifact, records.ARTIFACT), len(self._rows)))

    def _artifact(self, raw: dict[str, Any], rows: int, plain: Normaliser) -> Artifact:
        manifest = raw["manifest"]
        contents = [
            ArtifactFile(plain.text(e["path"]), e["digest"], e["size"], e["local_path"] or None)
            for e in manifest["contents"]
        ]
        if not contents and manifest["manifest_file_path"]:
            contents = self._listed(manifest["manifest_file_path"], plain)
        try:
            metadata = load(raw["metadata"] or "{}")
        except ValueError as error:
            self._notes.append(f"the metadata of the artifact {raw['name']!r} is no JSON ({error})")
            metadata = {}
        return Artifact(
            name=plain.text(raw["name"]),
            type=raw["type"],
            aliases=tuple(sorted(raw["aliases"])),
            contents=tuple(sorted(contents, key=lambda entry: entry.path)),
            metadata=plain.value(metadata if isinstance(metadata, dict) else {}),
            after_rows=rows,
        )

    def _listed(self, path: str, plain: Normaliser) -> list[ArtifactFile]:
        """Read the manifest that W&B keeps outside the log when an artifact has many files."""
        try:
            data = self._folder.read(path)
            entries = None if data is None else load(data)["contents"].items()
            return [
                ArtifactFile(plain.text(name), str(e["digest"]), int(e.get("size", 0)))
                for name, e in entries or ()
            ]
        except OutsideError as error:
            self._notes.append(f"{error}; what the artifact holds is not read")
        except (AttributeError, LookupError, TypeError, ValueError):
            self._notes.append(f"{path!r} is no manifest of an artifact")
        return []

    def _final_summary(self, plain: Normaliser) -> dict[str, Any]:
        summary = self._summary.final(self._notes)
        name = "wandb-summary.json"
        try:
            data = self._folder.read(name)  # many releases write it only when online
            known = {} if data is None else load(data)
            if not isinstance(known, dict):
                raise ValueError("no dictionary")
            summary.update(known)
        except OutsideError as error:
            self._notes.append(f"{error}; the summary it holds is not read")
        except ValueError as error:
            self._notes.append(f"{name} cannot be read ({error})")
        return {key: plain.value(summary[key]) for key in sorted(summary) if key not in VOLATILE}

    def _only_at_the_end(self) -> bool:
        """Whether W&B wrote the summary once, explicit and derived keys together (up to 0.17)."""
        return any(
            derived and any(not self._logged(key) for key in values)
            for values, _, _, derived in self._updates
        )

    def _logged(self, key: str) -> bool:
        return name_of(key) in self._rows.names

    def _explicit_updates(self, plain: Normaliser) -> tuple[SummaryUpdate, ...]:
        explicit = []
        for values, removed, after_rows, derived in self._updates:
            own = {k: v for k, v in values.items() if not (derived and self._logged(k))}
            if own or removed:
                explicit.append(SummaryUpdate(plain.value(own), removed, after_rows))
        return tuple(explicit)

    def _no_folder(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            self._notes.append(f"{error.filename!r} cannot be read: {error.strerror or error}")

    def _files(self, plain: Normaliser) -> tuple[File, ...]:
        sizes: dict[str, int | None] = {path: None for path in self._policies if "*" not in path}
        for folder, _folders, names in os.walk(self._folder.files, onerror=self._no_folder):
            for name in names:
                full = os.path.join(folder, name)
                path = os.path.relpath(full, self._folder.files).replace(os.sep, "/")
                try:
                    sizes[path] = os.stat(full).st_size
                except OSError:  # a link to what is gone
                    sizes[path] = None
        return tuple(
            sorted(
                (
                    File(plain.text(path), size, self._policies.get(path))
                    for path, size in sizes.items()
                    if path.split("/")[0] not in OWN_FILES
                ),
                key=lambda file: file.path,
            )
        )
