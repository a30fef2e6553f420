"""The one place that calls wandb: a run's rows, summary, files, artifacts, and what is said."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
import wandb

from . import _answers, _printed, _reasons

_told: set[tuple[str, Any]] = set()  # (run id, kind of notice): each is said once a run
_current: ContextVar[Any] = ContextVar("writer", default=None)
_log = logging.getLogger(__package__)


class Writer:
    """What one callback writes, to the run it means.

    Args:
        given: The run the user passed, or None for the active run.
        caller: Name of the class the user constructs, for the error message.

    Raises:
        TypeError: If what was given is no run.
    """

    def __init__(self, given: Any = None, caller: str = "") -> None:
        if given is not None and not all(hasattr(given, a) for a in ("log", "summary", "id")):
            raise TypeError(f"run={given!r}: expected the run that wandb.init() returned.")
        self.given = given
        self._caller = caller
        self.run = wandb.run if given is None else given
        self.run_id = str(getattr(self.run, "id", None))

    def __getstate__(self) -> dict[str, Any]:
        """Return what to copy: a run cannot be, so copies look for it again."""
        return {"given": self.given and self.run_id, "caller": self._caller, "run_id": self.run_id}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what was copied; a given run that is open in this process is found again."""
        runs = {str(run.id): run for run in _open_runs()}
        self.__init__(runs.get(state["given"]), state["caller"])  # type: ignore[misc]
        self.run_id = state["run_id"]

    def require(self) -> None:
        """Make sure that there is a run.

        Raises:
            wandb.Error: If ``wandb.init()`` was not called.
        """
        if self.run is None:
            hint = ", or pass run= to it" if _open_runs() else ""
            raise wandb.Error(f"You must call wandb.init() before {self._caller}(){hint}")

    def begin(self) -> bool:
        """Turn to the run of the training that begins; return whether it is another one."""
        self.run = wandb.run if self.given is None else self.given
        if self.run is None:
            return False
        _answers.give(self.run)
        before, self.run_id = self.run_id, str(self.run.id)
        if self.given is None and len(_open_runs()) > 1:
            self.warn(
                f"Several W&B runs are open; this training is logged to the active one,"
                f" {self.run_id}: pass run= to the callbacks to choose another.",
                kind="several runs",
            )
        return self.run_id != before

    def active(self) -> Any | None:
        """Return the run, or None (with one warning) when it was finished during training."""
        run = self.run
        if self.given is None:
            if wandb.run is not run:
                self.run = run = wandb.run
                self.run_id = self.run_id if run is None else str(run.id)
        elif getattr(run, "_is_finished", False):
            run = None
        if run is None:
            self.warn(
                "No W&B run is active any more, so nothing further is logged:"
                " call wandb.init() again."
            )
        return run

    @property
    def disabled(self) -> bool:
        """Whether files and artifacts have nowhere to go: no run, or ``mode="disabled"``."""
        run = wandb.run if self.given is None else self.run
        return run is None or bool(run.disabled)

    # -- what is said ----------------------------------------------------------------------------

    def warn(self, message: str, kind: Any = None) -> None:
        """Tell the user once a run; never raises, whatever is muted or made an error.

        Args:
            message: The sentence.
            kind: What makes two notices the same; the message where None.
        """
        key = (self.run_id, message if kind is None else kind)
        if key not in _told:
            _told.add(key)
            wandb.termwarn(_printed.safe(message))
            if _is_muted():
                _log.warning(_printed.safe(message))

    def failed(self, what: str, error: BaseException, remedy: str | None = None) -> None:
        """Tell once for each kind of error that something could not be recorded, and why.

        Args:
            what: What could not be recorded, as the subject of a sentence ("the model graph").
            error: Why.
            remedy: What helps against any error, as a clause ("pass save_graph=False to skip it").
        """
        helps = _reasons.remedy(error) or remedy
        self.warn(
            f"Could not record {what} ({_reasons.reason(error)}); training goes on"
            f"{f', {helps}' if helps else ''}.",
            kind=(what, type(error)),
        )

    @contextmanager
    def guard(self, what: str, remedy: str | None = None) -> Iterator[None]:
        """Turn a failure of something optional into one warning, so that training goes on.

        Within it, what is warned of elsewhere belongs to this run as well.

        Args:
            what: As in ``failed``; the same each time, without paths or numbers.
            remedy: As in ``failed``.
        """
        token = _current.set(self)
        try:
            yield
        except Exception as error:
            self.failed(what, error, remedy)
        finally:
            _current.reset(token)

    def warn_unused(self) -> None:
        """Say once that this worker's run stays empty, where it has one."""
        if not self.disabled:
            self.warn(
                "This worker has a W&B run, but only the chief of a distributed training logs:"
                ' pass log_on="all" to the callback to log on every worker.'
            )

    # -- what is written -------------------------------------------------------------------------

    def log(self, row: Mapping[str, Any], commit: bool = True) -> None:
        """Add a mapping to the current history row; with ``commit`` the row ends."""
        run = self.active()
        if run is not None:
            try:
                run.log(row, commit=commit)
            except Exception as error:
                remedy = "check the W&B connection and the logged values"
                self.failed("a history row", error, remedy)

    def define_axis(self, axis: str, metrics: str) -> None:
        """Plot every metric that matches the pattern ``metrics`` against ``axis``."""
        run = self.active()
        if run is not None:
            with self.guard(f"{axis} as the axis of {metrics}", "choose it in the plots"):
                run.define_metric(axis)
                run.define_metric(metrics, step_metric=axis)

    def summary_get(self, key: str) -> float | None:
        """Return a number from the run's summary (a resumed run has one), or None."""
        value = None if self.run is None else self.run.summary.get(key)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def summary_set(self, values: Mapping[str, Any]) -> None:
        """Set entries of the run's summary, one by one, in order."""
        run = self.active()
        if run is not None:
            for key, value in values.items():
                with self.guard(f"{key} in the summary", "check the W&B connection"):
                    run.summary[key] = value

    def watch_file(self, name: str) -> None:
        """Ask W&B to upload the file of this name in the run's directory whenever it is written."""
        run = self.active()
        if run is not None:
            with self.guard(f"the file {name}", f"call wandb.save({name!r}) yourself"):
                run.save(name)

    @property
    def run_name(self) -> str | None:
        """The name of the run; an offline run has none unless it was given one."""
        return None if self.run is None else self.run.name

    @property
    def directory(self) -> str:
        """The directory of the run's files; "" where there is no run."""
        return str(getattr(self.run, "dir", ""))

    def log_model(self, paths: Sequence[str], name: str, aliases: Sequence[str]) -> None:
        """Log the files of a model as an artifact of type ``model``.

        Args:
            paths: Files, or one directory whose contents make up the artifact.
            name: Name of the artifact.
            aliases: Aliases of this version, for example ``["latest", "epoch_3"]``.
        """
        run = self.active()
        if run is None:
            return
        artifact = wandb.Artifact(name, type="model")
        for path in paths:
            (artifact.add_dir if os.path.isdir(path) else artifact.add_file)(path)
        run.log_artifact(artifact, aliases=list(aliases))

    def use_table(
        self, table: Any, name: str, type: str, table_name: str, fetch: bool = True
    ) -> Any:
        """Log a table as an artifact this run uses and return it as the server has it.

        Offline nothing can be fetched back, so the artifact is logged and the local table returned;
        likewise without ``fetch``.
        """
        run = self.active()
        if run is None or run.disabled:
            return table
        artifact = wandb.Artifact(name, type=type)
        artifact.add(table, table_name)
        if getattr(run, "offline", False) or run.settings._offline:
            run.log_artifact(artifact)
            return table
        run.use_artifact(artifact)
        if not fetch:
            return table
        artifact.wait()
        return artifact.get(table_name)

    def log_table(
        self, table: Any, name: str, type: str, table_name: str, aliases: Sequence[str]
    ) -> None:
        """Log a table as a new version of an artifact."""
        run = self.active()
        if run is not None:
            artifact = wandb.Artifact(name, type=type)
            artifact.add(table, table_name)
            run.log_artifact(artifact, aliases=list(aliases))


def warn(message: str, kind: Any = None) -> None:
    """Tell the user once a run: the one whose guard is around, else the active one."""
    (_current.get() or Writer()).warn(message, kind)


def say(message: str) -> None:
    """Print progress the user asked for with ``verbose``."""
    wandb.termlog(_printed.safe(message))


def _is_muted() -> bool:
    """Whether W&B prints no warnings, as with ``WANDB_SILENT``: its own, that is."""
    term = sys.modules.get("wandb.errors.term")
    return bool(getattr(term, "_silent", False)) or not getattr(term, "_show_warnings", True)


def _open_runs() -> list[Any]:
    """Return the runs that this process has open; before wandb 0.19.10 there can be one."""
    setup = getattr(sys.modules.get("wandb.sdk.wandb_setup"), "_singleton", None)
    runs = getattr(setup, "_active_runs", None)
    return [run for run in [wandb.run] if run is not None] if runs is None else list(runs)


def safe_name(name: str) -> str:
    """Return the name with what an artifact name may not hold replaced."""
    return str(wandb.util.make_artifact_name_safe(name))


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
        low, middle, high = (float(of) for of in (exact.min(), exact.mean(), exact.max()))
        if high - low < 1e-9 * max(abs(low), abs(high)):  # for float64 itself; as for one value
            low, high = middle - 0.5, middle + 0.5
        return wandb.Histogram(np_histogram=np.histogram(exact, bins=64, range=(low, high)))
