"""What each legacy argument records, and what is recorded instead under target wandb."""

from __future__ import annotations

from typing import Dict, Tuple

Places = Dict[str, Tuple[str, str]]  # place -> before, shim and compat; wandb

_CHECKPOINTS: Places = {
    "files": (
        "`model-best.h5` in the run's folder, rewritten on every improvement",
        "`model-best.keras` in the working directory, rewritten on every improvement",
    ),
    "artifacts": (
        "`model-<run name>`, a version for every improvement",
        "`run_<id>_model`, a version for every epoch; without an improvement it is the old file"
        " once more",
    ),
}
_BEST: Places = {
    "summary": ("`best_<monitor>` and `best_epoch`", "nothing"),
}
_TABLE: Places = {
    "history": ("`validation_predictions`", "nothing"),
    "artifacts": (
        "`wb_validation_data` once, `run-<id>-validation_predictions` with every table",
        "`val` once, `run_<id>_pred` as often",
    ),
}
_IMAGES: Places = {
    "history": ("`examples`, a list of pictures", "nothing"),
    "artifacts": ("nothing", "`val` once, `run_<id>_pred` after every epoch; pictures in a column"),
}
_REFUSED = "the same: the call is left as it is"

# argument -> a value to show it with, what is recorded
RECORDS: dict[str, tuple[str, Places]] = {
    "monitor": ('monitor="val_accuracy"', {**_BEST, **_CHECKPOINTS}),
    "verbose": (
        "verbose=1",
        {"output": ("a line for every improvement", "what Keras' ModelCheckpoint prints")},
    ),
    "mode": ('monitor="val_auc", mode="max"', {**_BEST, **_CHECKPOINTS}),
    "save_weights_only": (
        "save_weights_only=True",
        {
            "files": (
                "`model-best.h5` holds the weights alone",
                "`model-best.weights.h5` in the working directory",
            ),
            "artifacts": (
                "`model-<run name>` holds the whole model all the same",
                "`run_<id>_model` holds the weights alone",
            ),
        },
    ),
    "log_weights": (
        "log_weights=True",
        {"history": ("`parameters/<layer>.weights`, `parameters/<layer>.bias`", "nothing")},
    ),
    "log_gradients": (
        "log_gradients=True, training_data=(x, y)",
        {"history": ("`gradients/<layer>/<weight>.gradient`", "nothing")},
    ),
    "save_model": ("save_model=False", _CHECKPOINTS),
    "training_data": (
        "log_gradients=True, training_data=(x, y)",
        {"history": ("as `log_gradients`", "nothing")},
    ),
    "validation_data": ("log_evaluation=True, validation_data=(xv, yv)", _TABLE),
    "labels": (
        "log_evaluation=True, validation_data=(xv, yv), labels=names",
        {
            "history": ("columns with the name of the class; captions of `examples`", "nothing"),
            "artifacts": (
                "the same columns",
                "the names instead of the numbers in columns `target` and `prediction`",
            ),
        },
    ),
    "predictions": (
        'input_type="image", validation_data=(xv, yv), predictions=8',
        {
            "history": ("so many pictures in `examples`, drawn at random", "nothing"),
            "artifacts": ("nothing", "so many rows, the first ones"),
        },
    ),
    "generator": (
        "log_evaluation=True, generator=batches, validation_steps=4",
        {"history": ("`validation_predictions`, `examples`", _REFUSED)},
    ),
    "input_type": ('input_type="image", validation_data=(xv, yv)', _IMAGES),
    "output_type": (
        'input_type="image", output_type="label", validation_data=(xv, yv)',
        _IMAGES,
    ),
    "log_evaluation": ("log_evaluation=True, validation_data=(xv, yv)", _TABLE),
    "validation_steps": (
        "log_evaluation=True, generator=batches, validation_steps=4",
        {"history": ("`validation_predictions` of so many batches", _REFUSED)},
    ),
    "class_colors": (
        'input_type="image", output_type="segmentation_mask", class_colors=colors',
        {"history": ("the colours of the masks in `examples`", _REFUSED)},
    ),
    "log_batch_frequency": (
        "log_batch_frequency=10",
        {
            "history": (
                "also a row with `loss`, ... every 10 batches",
                "also a row with `batch/loss`, ..., `batch/batch_step` every 10 batches",
            )
        },
    ),
    "log_best_prefix": (
        'log_best_prefix="top_"',
        {"summary": ("`<prefix><monitor>` and `<prefix>epoch`", "nothing")},
    ),
    "save_graph": (
        "save_graph=False",
        {
            "summary": ("`graph`, unless False", "nothing"),
            "files": ("`media/graph/<hash>.graph.json`", "nothing"),
        },
    ),
    "validation_indexes": (
        "log_evaluation=True, validation_indexes=rows",
        {"history": ("`validation_predictions` links to those rows", _REFUSED)},
    ),
    "validation_row_processor": (
        "log_evaluation=True, validation_row_processor=columns",
        {"artifacts": ("its columns in `wb_validation_data`", _REFUSED)},
    ),
    "prediction_row_processor": (
        "log_evaluation=True, prediction_row_processor=columns",
        {"history": ("its columns in `validation_predictions`", _REFUSED)},
    ),
    "infer_missing_processors": (
        "log_evaluation=True, validation_data=(xv, yv), infer_missing_processors=False",
        {"history": ("no further columns in `validation_predictions`", "nothing")},
    ),
    "log_evaluation_frequency": (
        "log_evaluation=True, validation_data=(xv, yv), log_evaluation_frequency=2",
        {
            "history": ("`validation_predictions` every 2 epochs", "nothing"),
            "artifacts": (
                "`run-<id>-validation_predictions` every 2 epochs",
                "`run_<id>_pred` every 2 epochs",
            ),
        },
    ),
    "compute_flops": ("compute_flops=True", {"summary": ("`GFLOPs`", "nothing")}),
}

# Of a saved model: what, as the legacy callback saves it, as W&B's does.
CHECKPOINT = (
    ("file", "`model-best.h5` in the run's folder", "`model-best.keras` in the working directory"),
    ("artifact", "`model-<run name>`", "`run_<id>_model`"),
    ("in it, Keras 3", "`model-best.keras`", "`model-best.keras`"),
    ("in it, Keras 2", "a SavedModel", "`model-best.keras`"),
    ("a version", "for every improvement of `monitor`", "for every epoch"),
    ("aliases", "`latest`, `epoch_<n>`", "`latest`, `epoch_<n>`"),
)
