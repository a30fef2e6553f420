"""The features of the support table: what users call them, the training and what it has to record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .scenarios import ABC, FOUR, LIGHT, TRAIN, VAL, Scenario, legacy

IMPORTED = "imported"


@dataclass(frozen=True)
class Feature:
    """One line of the support table.

    Args:
        id: Name of the feature in the records.
        title: What users call it.
        training: A scenario; or a script for W&B's classes and one for ours, each the name of a file
            in ``examples`` or a statement.
        shows: Patterns; each has to match a fact of the recording (``measure.facts``).
        never: Patterns that no fact may match.
        deviates: Names of the rows of the table of deviations that may apply.
        offline: Whether W&B's evaluation tables are measured as they are offline. Elsewhere they get
            what the server would have answered.
    """

    id: str
    title: str
    training: Any
    shows: tuple[str, ...]
    never: tuple[str, ...] = ()
    deviates: tuple[str, ...] = ()
    offline: bool = False


EPOCHS = r"history (epoch/)?val_loss: 2 rows"
TABLE = r"artifact run-<RUN_ID>-validation_predictions \(run_table\): .*"
BEST_FILE = "file model-best.h5"
MODEL = r"artifact model-\w* \(model\): .*"
VERSION = r"artifact run_<RUN_ID>_model \(model\): .*"
SAVED_AGAIN = (r"[2-9] versions of run_<RUN_ID>_model",)
PREDICTIONS = r"artifact run_<RUN_ID>_pred \(evaluation\): .*"
DEFAULT = (EPOCHS, "summary best_val_loss", "summary graph", MODEL)
NO_GRAPH = {"save_graph": False}
BEST_ONLY = {"save_best_only": True, "monitor": "loss", "mode": "max"}
SAVED = ("loadable-artifact",)
EVERY = {"log_evaluation": True}


def checkpoint(id: str, filepath: str, **arguments: Any) -> Scenario:
    """Return three epochs with WandbModelCheckpoint."""
    arguments = {"filepath": filepath, **arguments}
    return Scenario(id, arguments, callback="WandbModelCheckpoint", fit={"epochs": 3})


def logger(id: str, model: str = "mlp", **arguments: Any) -> Scenario:
    """Return two epochs with WandbMetricsLogger."""
    return Scenario(id, arguments, model, "WandbMetricsLogger")


def evaluation(id: str) -> Scenario:
    """Return two epochs with a subclass of WandbEvalCallback."""
    return Scenario(id, {}, "conv", "EvalTable")


FEATURES = [
    # The script
    Feature(
        "import",
        "`from wandb.keras import WandbCallback`",
        ("from wandb.keras import WandbCallback",) * 2,
        (IMPORTED,),
    ),
    Feature(
        "import-integration",
        "`from wandb.integration.keras import WandbCallback`",
        ("from wandb.integration.keras import WandbCallback",) * 2,
        (IMPORTED,),
    ),
    Feature(
        "script",
        "A legacy script, unchanged",
        ("legacy_mlp.py",) * 2,
        (r"history val_loss: 5 rows", "summary best_val_loss", "summary graph", MODEL),
        deviates=SAVED,
    ),
    Feature(
        "migrated",
        "The same script, as the codemod writes it (`--target wandb`, `--target compat`)",
        ("migrated_wandb.py", "migrated_compat.py"),
        (r"history (epoch/)?val_loss: 5 rows", r"artifact .* \(model\): .*"),
    ),
    # WandbCallback
    Feature(
        "defaults",
        "`WandbCallback()`: metrics, best values, graph, best model",
        legacy("defaults"),
        (*DEFAULT, BEST_FILE),
        deviates=SAVED,
    ),
    Feature(
        "metrics",
        "`WandbCallback`: metrics and best values alone",
        legacy("metrics", **LIGHT),
        (EPOCHS, "history epoch: 2 rows", "summary best_val_loss", "summary best_epoch"),
    ),
    Feature(
        "batches",
        "`WandbCallback(log_batch_frequency=2)`",
        legacy("batches", log_batch_frequency=2, **LIGHT),
        (r"history loss: 6 rows",),
    ),
    Feature(
        "model",
        "`WandbCallback(save_model=True)`: file and artifact",
        legacy("model", **NO_GRAPH),
        (BEST_FILE, MODEL),
        deviates=SAVED,
    ),
    Feature(
        "weights-only",
        "`WandbCallback(save_weights_only=True)`",
        legacy("weights-only", save_weights_only=True, **NO_GRAPH),
        (BEST_FILE, MODEL),
        deviates=SAVED,
    ),
    Feature(
        "graph",
        "`WandbCallback(save_graph=True)`",
        legacy("graph", save_model=False),
        ("summary graph",),
    ),
    Feature(
        "histograms",
        "`WandbCallback(log_weights=True)`",
        legacy("histograms", log_weights=True, **LIGHT),
        (r"history parameters/hid.*: 2 rows",),
    ),
    Feature(
        "gradients",
        "`WandbCallback(log_gradients=True)`",
        legacy("gradients", **LIGHT, **TRAIN),
        (r"history gradients/hid.*: 2 rows",),
    ),
    Feature(
        "flops",
        "`WandbCallback(compute_flops=True)`",
        legacy("flops", compute_flops=True, **LIGHT),
        ("summary GFLOPs",),
    ),
    Feature(
        "images",
        '`WandbCallback(input_type="image")`: pictures of predictions',
        legacy("images", "conv", input_type="image", labels=ABC, **LIGHT, **FOUR),
        (r"history examples: 2 rows",),
    ),
    Feature(
        "table",
        "`WandbCallback(log_evaluation=True)`: table of predictions",
        legacy("table", labels=ABC, **EVERY, **LIGHT, **VAL),
        (TABLE,),
    ),
    Feature(
        "table-offline",
        "Table of predictions, offline",
        legacy("table-offline", labels=ABC, **EVERY, **LIGHT, **VAL),
        (TABLE,),
        offline=True,
    ),
    Feature(
        "fit-data",
        "Table of predictions, validation data given only to `fit`",
        legacy("fit-data", labels=ABC, **EVERY, **LIGHT),
        (TABLE,),
    ),
    Feature(
        "generator",
        "Table of predictions, from a `generator`",
        legacy("generator", generator="$generator", validation_steps=2, **EVERY, **LIGHT),
        (TABLE,),
    ),
    Feature(
        "inputs-table",
        "Table of predictions, several inputs",
        legacy("inputs-table", "multi", **EVERY, **LIGHT, **VAL),
        (TABLE,),
    ),
    Feature(
        "inputs",
        "`WandbCallback()` on a model with several inputs",
        legacy("inputs", "multi"),
        (*DEFAULT, BEST_FILE),
        deviates=SAVED,
    ),
    Feature(
        "subclassed",
        "`WandbCallback()` on a subclassed model",
        legacy("subclassed", "subclassed"),
        DEFAULT,
        deviates=SAVED,
    ),
    # The newer three
    Feature("logger", "`WandbMetricsLogger()`", logger("logger"), (EPOCHS,)),
    Feature(
        "logger-batches",
        "`WandbMetricsLogger(log_freq=2)`",
        logger("logger-batches", log_freq=2),
        (r"history (batch/loss: 4|loss: \d) rows",),
    ),
    Feature(
        "rate",
        "`WandbMetricsLogger`: learning rate of a schedule",
        logger("rate", "mlp_schedule"),
        (r"history epoch/(learning_rate|lr): 2 rows",),
    ),
    Feature(
        "checkpoint",
        '`WandbModelCheckpoint("m.keras")`',
        checkpoint("checkpoint", "m.keras"),
        (VERSION,),
        deviates=("best-alias",),
    ),
    Feature(
        "best-only",
        "`WandbModelCheckpoint(save_best_only=True)`, an epoch does not improve",
        checkpoint("best-only", "m.h5", **BEST_ONLY),
        (VERSION,),
        never=SAVED_AGAIN,
        deviates=("best-alias", "file-or-nothing"),
    ),
    Feature(
        "best-only-epoch",
        "The same with `{epoch}` in the path",
        checkpoint("best-only-epoch", "m-{epoch:02d}.h5", **BEST_ONLY),
        (VERSION,),
        never=SAVED_AGAIN,
        deviates=("best-alias", "file-or-nothing"),
    ),
    Feature(
        "weights-checkpoint",
        "`WandbModelCheckpoint(save_weights_only=True)`",
        checkpoint("weights-checkpoint", "m.weights.h5", save_weights_only=True),
        (VERSION,),
        deviates=("best-alias",),
    ),
    Feature(
        "path",
        "`WandbModelCheckpoint`: a path without a suffix",
        checkpoint("path", "m"),
        (VERSION,),
        deviates=("best-alias", "path-for-keras-3"),
    ),
    Feature(
        "evaluation",
        "A subclass of `WandbEvalCallback`",
        evaluation("evaluation"),
        (PREDICTIONS,),
    ),
    Feature(
        "evaluation-offline",
        "A subclass of `WandbEvalCallback`, offline",
        evaluation("evaluation-offline"),
        (PREDICTIONS,),
        offline=True,
    ),
]
