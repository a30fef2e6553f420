"""The table of trainings that are recorded with W&B's callbacks and with ours."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Mapping

# What upstream's callbacks still do in an oracle row, by the minor version of its TensorFlow.
GRADIENTS, FIT_DATA = "log_gradients", "validation data given only to fit"
UPSTREAM_CAN: Mapping[str, frozenset[str]] = {
    "2.12": frozenset({GRADIENTS, FIT_DATA}),
    "2.15": frozenset(),
}


@dataclass(frozen=True)
class Scenario:
    """One training with one callback.

    Args:
        id: Name of the scenario.
        arguments: Arguments of the callback; a string ``"$name"`` stands for the training's object
            of that name (see ``objects.py``).
        model: Name of the model and its data, in ``objects.py``.
        callback: Name of the callback.
        fit: Arguments of ``fit`` that differ from 2 epochs, batch size 8, validation data given.
        run: Arguments of ``wandb.init``.
        needs: What upstream must still be able to do, for its side to run.
        deviates: Names of the rows of the table of deviations that apply.
        warns: Whether ours warns where upstream says nothing.
    """

    id: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    model: str = "mlp"
    callback: str = "WandbCallback"
    fit: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    deviates: frozenset[str] = frozenset()
    warns: bool = False


def needs_of(arguments: Mapping[str, Any]) -> frozenset[str]:
    """Return what upstream must be able to do for these arguments of WandbCallback."""
    needs = set()
    if arguments.get("log_gradients"):
        needs.add(GRADIENTS)
    shows = any(
        arguments.get(k) for k in ("log_evaluation", "input_type", "output_type", "data_type")
    )
    if shows and not (arguments.get("validation_data") or arguments.get("generator")):
        needs.add(FIT_DATA)
    return frozenset(needs)


def legacy(id: str, model: str = "mlp", **arguments: Any) -> Scenario:
    """Return a scenario of WandbCallback."""
    fit = arguments.pop("fit", {})
    run = arguments.pop("run", {})
    deviates, warns = frozenset(arguments.pop("deviates", ())), arguments.pop("warns", False)
    needs = needs_of(arguments)
    return Scenario(id, arguments, model, "WandbCallback", fit, run, needs, deviates, warns)


ABC = ["a", "b", "c"]
VAL = {"validation_data": "$val"}
FOUR = {"predictions": 4, **VAL}
RGB = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
ROWS = {"validation_row_processor": "$row_processor"}
OUTPUTS = {"prediction_row_processor": "$prediction_processor"}
TRAIN = {"log_gradients": True, "training_data": "$train"}
LIGHT = {"save_model": False, "save_graph": False}

NAMED = [
    legacy("L01_default"),
    legacy("L02_nosave", save_model=False),
    legacy("L03_log_weights", save_model=False, log_weights=True),
    legacy("L04_log_gradients", save_model=False, **TRAIN),
    legacy("L05_log_evaluation", save_model=False, log_evaluation=True, labels=ABC, **VAL),
    legacy("L06_input_image", "conv", save_model=False, input_type="image", labels=ABC, **FOUR),
    legacy("L07_batch_freq2", save_model=False, log_batch_frequency=2),
    legacy("L08_compute_flops", save_model=False, compute_flops=True),
    legacy("L09_weights_only", save_weights_only=True),
    legacy("L11_logeval_patched", save_model=False, log_evaluation=True, labels=ABC),
    legacy("L12_monitor_max", save_model=False, monitor="val_accuracy", mode="max"),
    legacy("L15_nosave_nograph", **LIGHT),
    legacy("L16_data_type_image", "conv", save_model=False, data_type="image", **FOUR),
    legacy("L24_subclassed_default", "subclassed"),
    legacy("L28_named_run_default", run={"name": "my run: v1/2"}),
]  # fmt: skip


def _monitors() -> list[Scenario]:
    rows = [
        ("val_loss", "max"),
        ("val_loss", "nonsense"),
        ("val_accuracy", "auto"),
        ("val_accuracy", "min"),
        ("accuracy", "nonsense"),
        ("loss", "auto"),
        ("loss", "max"),
        ("absent", "auto"),
    ]
    return [
        legacy(f"monitor-{monitor}-{mode}", monitor=monitor, mode=mode, fit={"epochs": 4}, **LIGHT)
        for monitor, mode in rows
    ]


def _saving() -> list[Scenario]:
    # save_weights_only, verbose, log_best_prefix
    rows: list[Any] = [
        (False, 0, None),
        (False, 1, "top/"),
        (False, 1, ""),
        (True, 0, None),
        (True, 1, "best_"),
        (True, 0, "top/"),
    ]
    return [
        legacy(
            f"save-{'weights' if weights else 'whole'}-verbose{verbose}-{prefix}",
            ("mlp", "conv")[i % 2],
            save_weights_only=weights,
            verbose=verbose,
            log_best_prefix=prefix,
            fit={"epochs": 3},
        )
        for i, (weights, verbose, prefix) in enumerate(rows)
    ]


def _logging() -> list[Scenario]:
    # The models take turns, so that each meets weights and gradients with some frequency.
    grid = product((False, True), (False, True), (None, 1, 3))
    return [
        legacy(
            f"log-{model}{'-weights' * weights}{'-gradients' * gradients}-every{every}",
            model,
            log_weights=weights,
            log_batch_frequency=every,
            save_model=False,
            **(TRAIN if gradients else {}),
        )
        for i, (weights, gradients, every) in enumerate(grid)
        for model in [("mlp", "nested", "conv", "shared")[i % 4]]
        if weights or gradients or every
    ]


def _images() -> list[Scenario]:
    # model, input_type, output_type, further arguments
    rows: list[Any] = [
        ("conv", "image", "label", {"labels": ABC}),
        ("conv", "image", "label", {}),
        ("conv", "images", None, {"labels": ABC, "predictions": 100}),
        ("conv", "auto", None, {"labels": ABC[:2]}),
        ("conv", "image", "nonsense", {}),
        ("colour", "image", "label", {"labels": ABC, "predictions": 3}),
        ("binary_images", "image", "label", {}),
        ("binary_images", "image", None, {"predictions": 5}),
        ("autoencoder", "image", "image", {}),
        ("autoencoder", "image", None, {"predictions": 3}),
        ("autoencoder", "auto", None, {}),
        ("autoencoder", None, "image", {"predictions": 2}),
        ("segmenter", "image", "segmentation_mask", {}),
        ("segmenter", "image", "segmentation_mask", {"class_colors": RGB}),
        ("segmenter", "image", None, {}),
        ("segmenter", "segmentation_mask", "image", {}),
        ("mask_classifier", "segmentation_mask", "label", {"labels": ABC}),
        ("mask_classifier", "segmentation_mask", None, {}),
        ("decoder", "label", "image", {"labels": ["p", "q", "r", "s"]}),
        ("decoder", "label", "image", {}),
        ("decoder", None, "images", {}),
        ("mlp", "label", "label", {}),
        ("mlp", "auto", None, {}),
    ]  # fmt: skip
    ways = [{"validation_data": "$val"}, {}, {"generator": "$generator"}]
    return [
        legacy(
            f"images-{i:02}-{model}-{input_type}-{output_type}-{'-'.join(way) or 'fit'}",
            model,
            input_type=input_type,
            output_type=output_type,
            **{**LIGHT, **more, **way},
        )
        for i, (model, input_type, output_type, more) in enumerate(rows)
        for way in [ways[i % 3]]
    ]


def _evaluation() -> list[Scenario]:
    # model, further arguments; frequency and the way of the data vary below
    rows: list[Any] = [
        ("mlp", {"labels": ABC}),
        ("mlp", {}),
        ("mlp", {"infer_missing_processors": False, "labels": ABC}),
        ("mlp", {"labels": ABC, **ROWS}),
        ("mlp", OUTPUTS),
        ("mlp", {**ROWS, **OUTPUTS}),
        ("mlp", {"labels": ["only", "two"]}),
        ("onehot", {"labels": ABC}),
        ("onehot", {}),
        ("binary", {"labels": ["no", "yes"]}),
        ("binary", {}),
        ("regression", {}),
        ("wide", {}),
        ("conv", {"labels": ABC}),
        ("autoencoder", {}),
        ("mlp", {"validation_indexes": "$indexes", "labels": ABC}),
        ("subclassed", {"labels": ABC}),
    ]  # fmt: skip
    ways = [{"validation_data": "$val"}, {}, {"generator": "$generator", "validation_steps": 2}]
    return [
        legacy(
            f"table-{i:02}-{model}-freq{i % 3}-{'-'.join(way) or 'fit'}",
            model,
            log_evaluation=True,
            log_evaluation_frequency=i % 3,
            fit={"epochs": 3},
            **{**LIGHT, **more, **way},
        )
        for i, (model, more) in enumerate(rows)
        for way in [ways[(i // 2) % 3]]
    ]


def _everything() -> list[Scenario]:
    on = {"log_weights": True, "log_evaluation": True, "compute_flops": True, **TRAIN, **VAL}
    each_epoch = {"log_evaluation_frequency": 1, "log_batch_frequency": 2}
    return [
        legacy("everything-mlp", labels=ABC, **each_epoch, **on),
        legacy("everything-conv", "conv", input_type="image", labels=ABC, **on),
        legacy("flops-conv", "conv", compute_flops=True, **LIGHT),
        legacy("flops-nested", "nested", compute_flops=True, **LIGHT),
        legacy("graph-nested", "nested", save_model=False),
        legacy("graph-shared", "shared", save_model=False),
        legacy("graph-multi", "multi", save_model=False),
        legacy("save-nested", "nested"),
        legacy("save-multi", "multi", monitor="val_loss"),
        legacy("save-string", save_model="false", warns=True),
        legacy("no-validation", fit={"validation_data": None}, warns=True),
        legacy("no-validation-loss", monitor="loss", fit={"validation_data": None}),
        legacy("validation-split", fit={"validation_data": None, "validation_split": 0.25}),
        legacy("dropout-gradients", "dropout", save_model=False, log_weights=True, **TRAIN),
        legacy("uneven-gradients", "uneven", deviates=["batches-in-order"], **LIGHT, **TRAIN),
        legacy("lstm", "lstm"),
        legacy("initial-epoch", fit={"initial_epoch": 2, "epochs": 4}),
        legacy("config", run={"config": {"units": 8, "nested": {"rate": 0.1}}}, **LIGHT),
    ]  # fmt: skip


GRID = [*_monitors(), *_saving(), *_logging(), *_images(), *_evaluation(), *_everything()]
# .ci/run takes every second: beside upstream's callback the one half, where there is none the other.
EVERY = int(os.environ.get("GRID_EVERY", "1"))


def _trio() -> list[Scenario]:
    def one(id: str, callback: str, arguments: dict[str, Any], **more: Any) -> Scenario:
        return Scenario(id, arguments, callback=callback, **more)

    logger, checkpoint = "WandbMetricsLogger", "WandbModelCheckpoint"
    best = frozenset({"best-alias"})
    return [
        one("T01_logger_epoch", logger, {}),
        one("T03_logger_int2", logger, {"log_freq": 2}),
        one("T04_logger_epoch_sched", logger, {}, model="mlp_schedule"),
        one("T05_logger_batch", logger, {"log_freq": "batch"}),
        one("C01_ckpt_keras", checkpoint, {"filepath": "m.keras"}, deviates=best),
        one("C02_ckpt_h5", checkpoint, {"filepath": "m.h5"}, deviates=best),
        one("C03_ckpt_savedmodel_dir", checkpoint, {"filepath": "m"}, deviates=best),
        one("C06_save_freq3", checkpoint, {"filepath": "m.keras", "save_freq": 3}),
        one("E01_eval_docs_logs_sig", "EvalTable", {}, model="conv"),
    ]


TRIO = _trio()
ALL = [*NAMED, *GRID, *TRIO]
