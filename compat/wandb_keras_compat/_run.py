"""The one place that calls wandb: the active run, rows, summary, files, artifacts, warnings."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
import wandb

_told: set[str] = set()


def require(caller: str) -> Any:
    """Return the active run.

    Args:
        caller: Name of the class the user constructs, for the error message.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.
    """
    if wandb.run is None:
        raise wandb.Error(f"You must call wandb.init() before {caller}()")
    return wandb.run


def warn_unused() -> None:
    """Say once that this worker's run stays empty, where it has one."""
    if not disabled():
        warn(
            "This worker has a W&B run, but only the chief of a distributed training logs:"
            ' pass log_on="all" to the callback to log on every worker.'
        )


def active() -> Any | None:
    """Return the active run, or None (with one warning) when it was finished during training."""
    if wandb.run is None:
        warn(
            "No W&B run is active any more, so nothing further is logged: call wandb.init() again."
        )
    return wandb.run


def disabled() -> bool:
    """Whether files and artifacts have nowhere to go: no run, or ``mode="disabled"``."""
    return wandb.run is None or bool(wandb.run.disabled)


def warn(message: str, repeat: bool = False) -> None:
    """Tell the user once, the way W&B does; never raises, whatever the warning filter."""
    if repeat or message not in _told:
        _told.add(message)
        wandb.termwarn(message)


def say(message: str) -> None:
    """Print progress the user asked for with ``verbose``."""
    wandb.termlog(message)


@contextmanager
def guard(what: str, remedy: str) -> Iterator[None]:
    """Turn a failure of something optional into one warning, so that training goes on.

    Args:
        what: What could not be recorded, as the subject of a sentence ("the model graph").
        remedy: What the user can do about it, as a clause ("pass save_graph=False to skip it").
    """
    try:
        yield
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        warn(f"Could not record {what} ({reason}); training goes on, {remedy}.")


def log(row: Mapping[str, Any], commit: bool = True) -> None:
    """Add a mapping to the current history row; with ``commit`` the row ends."""
    run = active()
    if run is not None:
        with guard("a history row", "check the W&B connection and the logged values"):
            run.log(dict(row), commit=commit)


def define_axis(axis: str, metrics: str) -> None:
    """Plot every metric that matches the pattern ``metrics`` against ``axis``."""
    run = active()
    if run is not None:
        with guard(f"{axis} as the axis of {metrics}", "choose it in the plots"):
            run.define_metric(axis)
            run.define_metric(metrics, step_metric=axis)


def summary_get(key: str) -> float | None:
    """Return a number from the run's summary (a resumed run has one), or None."""
    value = None if wandb.run is None else wandb.run.summary.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def summary_set(values: Mapping[str, Any]) -> None:
    """Set entries of the run's summary, one by one, in order."""
    run = active()
    if run is not None:
        for key, value in values.items():
            with guard(f"{key} in the summary", "check the W&B connection"):
                run.summary[key] = value


def watch_file(name: str) -> None:
    """Ask W&B to upload the file of this name in the run's directory whenever it is written."""
    run = active()
    if run is not None:
        with guard(f"the file {name}", f"call wandb.save({name!r}) yourself"):
            run.save(name)


def run_id() -> str:
    """Return the id of the active run; a run that was finished during training has none."""
    return str(getattr(wandb.run, "id", None))


def run_name() -> str | None:
    """Return the name of the active run; an offline run has none unless it was given one."""
    name: str | None = wandb.run.name
    return name


def directory() -> str:
    """Return the directory of the active run's files; "" where there is no run."""
    return str(getattr(wandb.run, "dir", ""))


def safe_name(name: str) -> str:
    """Return the name with what an artifact name may not hold replaced."""
    return str(wandb.util.make_artifact_name_safe(name))


def log_model(paths: Sequence[str], name: str, aliases: Sequence[str]) -> None:
    """Log the files of a model as an artifact of type ``model``.

    Args:
        paths: Files, or one directory whose contents make up the artifact.
        name: Name of the artifact.
        aliases: Aliases of this version, for example ``["latest", "epoch_3"]``.
    """
    run = active()
    if run is None:
        return
    artifact = wandb.Artifact(name, type="model")
    for path in paths:
        (artifact.add_dir if os.path.isdir(path) else artifact.add_file)(path)
    run.log_artifact(artifact, aliases=list(aliases))


def table(columns: Sequence[str], **options: Any) -> Any:
    """Return an empty ``wandb.Table``."""
    return wandb.Table(columns=list(columns), **options)


def histogram(values: Any) -> Any:
    """Return a ``wandb.Histogram`` of an array of finite numbers.

    NumPy 2 refuses 64 bins where the type has fewer numbers between the least and the greatest
    value, as with the biases after the first step of Adam, which differ by rounding alone.
    """
    try:
        return wandb.Histogram(values)
    except ValueError:
        exact = values.astype("float64")
        middle = float(exact.mean())
        low, high = float(exact.min()), float(exact.max())
        if high - low < 1e-9 * max(abs(low), abs(high)):  # for float64 itself; as for one value
            low, high = middle - 0.5, middle + 0.5
        return wandb.Histogram(np_histogram=np.histogram(exact, bins=64, range=(low, high)))


def use_table(table: Any, name: str, type: str, table_name: str, fetch: bool = True) -> Any:
    """Log a table as an artifact this run uses and return it as the server has it.

    Offline nothing can be fetched back, so the artifact is logged and the local table returned;
    likewise without ``fetch``.
    """
    run = active()
    if run is None or run.disabled:
        return table
    artifact = wandb.Artifact(name, type=type)
    artifact.add(table, table_name)
    if is_offline():
        run.log_artifact(artifact)
        return table
    run.use_artifact(artifact)
    if not fetch:
        return table
    artifact.wait()
    return artifact.get(table_name)


def log_table(table: Any, name: str, type: str, table_name: str, aliases: Sequence[str]) -> None:
    """Log a table as a new version of an artifact."""
    run = active()
    if run is not None:
        artifact = wandb.Artifact(name, type=type)
        artifact.add(table, table_name)
        run.log_artifact(artifact, aliases=list(aliases))


def is_offline() -> bool:
    """Whether the run only writes to disk."""
    return bool(getattr(wandb.run, "offline", False) or wandb.run.settings._offline)
