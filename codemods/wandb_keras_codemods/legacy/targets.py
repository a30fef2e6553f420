"""The table of targets: what each makes of the code, what is recorded then, who it is for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One target of the migration.

    Args:
        name: What ``--target`` takes.
        becomes: What the code becomes.
        recorded: What is recorded afterwards, beside what was before.
        needs: What the code needs to run.
        purpose: What somebody wants who chooses it.
    """

    name: str
    becomes: str
    recorded: str
    needs: str
    purpose: str


BEFORE = "loss, val_loss, ...; best_val_loss, best_epoch, graph; the artifact model-<run name>"

TARGETS = {
    target.name: target
    for target in (
        Target(
            "shim",
            "the same calls; WandbCallback comes from wandb_keras_compat",
            "the same",
            "wandb-keras-compat",
            "keep running and decide later",
        ),
        Target(
            "compat",
            "the callbacks of wandb_keras_compat that do its work",
            "the same",
            "wandb-keras-compat",
            "be done with WandbCallback and keep every record",
        ),
        Target(
            "wandb",
            "W&B's WandbMetricsLogger, WandbModelCheckpoint, WandbEvalCallback",
            "other names, and less: epoch/loss, epoch/val_loss, ...; the artifact run_<id>_model",
            "wandb and TensorFlow",
            "depend on nothing but wandb, and live with other names and fewer records",
        ),
    )
}
