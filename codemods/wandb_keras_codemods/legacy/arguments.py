"""The table: each argument of the legacy callback, its default, its fate under each target."""

from __future__ import annotations

from dataclasses import dataclass

_DROPPED = "only used by what is gone; dropped"
_CHECKPOINT = "WandbModelCheckpoint"
_TABLE_ONLY = "WandbValidationTable, generated into the file"
_REFUSED = "left for a human: the trio has no word for it"


@dataclass(frozen=True)
class Argument:
    """One parameter of the legacy constructor.

    Args:
        name: Its name.
        default: Its default value.
        meaning: What it did.
        wandb: What becomes of it under target ``"wandb"``.
        compat: What becomes of it under target ``"compat"``.
        lost: The code of the finding when target ``"wandb"`` loses it.
    """

    name: str
    default: object
    meaning: str
    wandb: str
    compat: str
    lost: str | None = None

    @property
    def shim(self) -> str:
        """What becomes of it under target ``"shim"``."""
        return "unchanged"


# the frozen signature: all may be positional, in this order
SIGNATURE: tuple[Argument, ...] = (
    Argument(
        "monitor",
        "val_loss",
        "the metric that decides which epoch is the best",
        f"{_CHECKPOINT}(monitor=...)",
        "first argument of WandbBestMetric and WandbBestModel",
    ),
    Argument(
        "verbose",
        0,
        "1 prints when the model is saved",
        f"{_CHECKPOINT}(verbose=...)",
        "WandbBestModel(verbose=...)",
    ),
    Argument(
        "mode",
        "auto",
        "'min', 'max' or 'auto': max if 'acc' is in monitor or it starts with 'fmeasure'",
        f"{_CHECKPOINT}(mode=...), made explicit",
        "WandbBestMetric(mode=...) and WandbBestModel(mode=...), made explicit",
    ),
    Argument(
        "save_weights_only",
        False,
        "write the weights alone",
        f'{_CHECKPOINT}("model-best.weights.h5", save_weights_only=True)',
        "WandbBestModel(save_weights_only=...)",
    ),
    Argument(
        "log_weights",
        False,
        "a histogram of each layer's weights per epoch",
        "lost",
        "WandbParameterHistograms()",
        lost="WKM301",
    ),
    Argument(
        "log_gradients",
        False,
        "a histogram of each weight's gradient per epoch",
        "lost",
        "WandbGradientHistograms(training_data)",
        lost="WKM302",
    ),
    Argument(
        "save_model",
        True,
        "keep the best model as a file and an artifact",
        f'{_CHECKPOINT}("model-best.keras", save_best_only=True)',
        "WandbBestModel(...)",
    ),
    Argument(
        "training_data",
        None,
        "the (x, y) gradients are taken on",
        _DROPPED,
        "WandbGradientHistograms(training_data)",
    ),
    Argument(
        "validation_data",
        None,
        "the (x, y) predictions are logged for",
        _TABLE_ONLY,
        "first argument of WandbPredictionImages and WandbPredictionTable",
    ),
    Argument(
        "labels",
        None,
        "class names",
        f"{_TABLE_ONLY} (labels=...)",
        "WandbPredictionImages(labels=...) and WandbPredictionTable(labels=...)",
    ),
    Argument(
        "predictions",
        36,
        "how many images are logged per epoch, at most 100",
        f"{_TABLE_ONLY} (rows=...)",
        "WandbPredictionImages(predictions=...)",
    ),
    Argument(
        "generator",
        None,
        "yields validation data in batches",
        f"{_TABLE_ONLY}, of the first batch, if the call makes it anew; a name is left for a human",
        "WandbPredictionImages(generator=...) and WandbPredictionTable(generator=...)",
    ),
    Argument(
        "input_type",
        None,
        "'image', 'images', 'segmentation_mask', 'label' or 'auto': log examples as images",
        f"{_TABLE_ONLY} (images=True) for 'image' and 'images'; others are left for a human",
        "WandbPredictionImages(input_type=...)",
    ),
    Argument(
        "output_type",
        None,
        "the same for the model's output",
        f"{_TABLE_ONLY} for 'label'; others are left for a human",
        "WandbPredictionImages(output_type=...)",
    ),
    Argument(
        "log_evaluation",
        False,
        "a table of validation data and predictions",
        _TABLE_ONLY,
        "WandbPredictionTable(...)",
    ),
    Argument(
        "validation_steps",
        None,
        "how many batches of the generator are one pass",
        _DROPPED,
        "WandbPredictionTable(validation_steps=...)",
    ),
    Argument(
        "class_colors",
        None,
        "one colour per class of a segmentation mask",
        _REFUSED,
        "WandbPredictionImages(class_colors=...)",
    ),
    Argument(
        "log_batch_frequency",
        None,
        "log every n-th batch",
        "WandbMetricsLogger(log_freq=n)",
        'WandbMetricsLogger(log_freq=n, key_style="legacy")',
    ),
    Argument(
        "log_best_prefix",
        "best_",
        "the best value in the summary, under this prefix",
        "lost",
        "WandbBestMetric(prefix=...); None or '' leaves it out",
        lost="WKM305",
    ),
    Argument(
        "save_graph",
        True,
        "the model's graph in the summary",
        "lost",
        "WandbModelGraph()",
        lost="WKM303",
    ),
    Argument(
        "validation_indexes",
        None,
        "index keys of the validation rows",
        _REFUSED,
        "WandbPredictionTable(indexes=...)",
    ),
    Argument(
        "validation_row_processor",
        None,
        "a function that turns a validation row into table columns",
        _REFUSED,
        "WandbPredictionTable(row_processor=...)",
    ),
    Argument(
        "prediction_row_processor",
        None,
        "a function that turns a prediction into table columns",
        _REFUSED,
        "WandbPredictionTable(prediction_row_processor=...)",
    ),
    Argument(
        "infer_missing_processors",
        True,
        "guess the processors that are not given",
        _DROPPED,
        "WandbPredictionTable(infer_missing_processors=...)",
    ),
    Argument(
        "log_evaluation_frequency",
        0,
        "log the table every n epochs; 0 at the end of training only",
        f"{_TABLE_ONLY} (frequency=...)",
        "WandbPredictionTable(frequency=...)",
    ),
    Argument(
        "compute_flops",
        False,
        "GFLOPs of one forward pass in the summary",
        "lost",
        "WandbModelFlops()",
        lost="WKM304",
    ),
)

# not parameters, but taken through **kwargs; any other name was swallowed in silence
ALIASES: tuple[Argument, ...] = (
    Argument(
        "data_type",
        None,
        "the old name of input_type; wins over it when both are given",
        "as input_type",
        "as input_type",
    ),
    Argument(
        "output_row_processor",
        None,
        "what the documentation calls prediction_row_processor; was ignored",
        "as prediction_row_processor",
        "as prediction_row_processor",
    ),
)

NAMES: tuple[str, ...] = tuple(argument.name for argument in SIGNATURE)
ARGUMENTS: dict[str, Argument] = {argument.name: argument for argument in SIGNATURE + ALIASES}
DEFAULTS: dict[str, object] = {name: argument.default for name, argument in ARGUMENTS.items()}


def legacy_mode(monitor: str) -> str:
    """Return what ``mode="auto"`` meant for a metric: ``"max"`` or ``"min"``."""
    return "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
