"""Target ``wandb``: the official trio, and what it loses."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.legacy.arguments import ARGUMENTS, legacy_mode

from .arguments import Arguments
from .expressions import expression
from .parts import GENERATED, Given, Part, Plan
from .rules import images_condition, log_freq, mode, mode_notes

MODEL_FILE = '"model-best.keras"'
WEIGHTS_FILE = '"model-best.weights.h5"'

_KEEP_KEYS = "Use --target compat to keep the old names."
_NO_NATIVE_FORMAT = (
    "On TensorFlow 2.13 and 2.14, whose ModelCheckpoint fails on .keras, end the path in .h5."
)
_IMAGES = ("image", "images")
_NEEDS_A_HUMAN = (
    "generator",
    "validation_indexes",
    "validation_row_processor",
    "prediction_row_processor",
    "class_colors",
)


def plan_trio(arguments: Arguments, fit_data: cst.BaseExpression | None, has_data: bool) -> Plan:
    """Return the trio's callbacks for a construction, and what is lost.

    Args:
        arguments: The construction's arguments.
        fit_data: validation_data of the fit it goes to, if it can be repeated.
        has_data: False when that fit is seen to have no validation data.

    Raises:
        Refusal: The trio has no word for what is asked.
    """
    notes = [Note("WKM201", "metrics are logged as epoch/<name> instead of <name>", _KEEP_KEYS)]
    parts = [Part("WandbMetricsLogger")]
    frequency = log_freq(arguments, whole=True)
    if frequency is not None:
        every = Given("log_freq", frequency, "log_batch_frequency")
        parts = [Part("WandbMetricsLogger", (every,))]
        notes.append(Note("WKM213", "batches are logged as batch/<name> instead of <name>"))

    there, condition = arguments.condition("save_model")
    if there:
        parts.append(Part("WandbModelCheckpoint", _checkpoint(arguments), condition))
        notes.append(
            Note(
                "WKM202",
                "the best model is the artifact run_<id>_model and a file in the working "
                "directory, logged again after epochs without improvement",
                "" if arguments["save_weights_only"].truth else _NO_NATIVE_FORMAT,
            )
        )
        if not has_data and str(arguments["monitor"].literal).startswith("val_"):
            notes.append(
                Note(
                    "WKM209",
                    f"this fit has no validation data, so {arguments['monitor'].literal} is never "
                    "there and WandbModelCheckpoint fails",
                    "Give validation data, monitor a training metric, or use save_model=False.",
                )
            )
        notes += mode_notes(arguments)
    notes += _lost(arguments)
    table = _validation_table(arguments, fit_data)
    if table is not None:
        parts.append(table)
        notes.append(
            Note(
                "WKM210",
                f"{GENERATED} was written into the file; it logs its table after every epoch",
            )
        )
    return Plan(tuple(parts), tuple(notes))


def _checkpoint(arguments: Arguments) -> tuple[Given, ...]:
    weights = arguments["save_weights_only"]
    path = expression(WEIGHTS_FILE if weights.truth else MODEL_FILE)
    extra: list[Given] = []
    if not weights.known:
        path = expression(f"{WEIGHTS_FILE} if {{w}} else {MODEL_FILE}", w=weights.operand)
    if weights.truth is not False:
        extra.append(Given("save_weights_only", weights.node, "save_weights_only"))
    if arguments.changed("verbose"):
        extra.append(Given("verbose", arguments["verbose"].node, "verbose"))
    return (
        Given(None, path),
        Given("monitor", arguments["monitor"].node, "monitor"),
        Given("mode", mode(arguments, "wandb"), "mode"),
        Given("save_best_only", expression("True")),
        *extra,
    )


def _lost(arguments: Arguments) -> list[Note]:
    notes = []
    for name, argument in ARGUMENTS.items():
        if argument.lost is None or arguments[name].truth is False:
            continue
        message = f"{argument.meaning}: no longer logged ({name})"
        hint = f"Target compat: {argument.compat}"
        if name == "save_graph":
            message = "the model's graph is no longer logged"
        elif name == "log_best_prefix":
            message, hint = _best(arguments)
        notes.append(Note(argument.lost, message, hint))
    return notes


def _best(arguments: Arguments) -> tuple[str, str]:
    """Say which values the summary no longer has, and what may take their place."""
    monitor, prefix = arguments["monitor"], arguments["log_best_prefix"]
    metric = monitor.literal if isinstance(monitor.literal, str) else "<monitor>"
    best = prefix.literal if isinstance(prefix.literal, str) else "<prefix>"
    grows = arguments["mode"].literal == "max" or (
        arguments["mode"].literal != "min" and legacy_mode(metric) == "max"
    )
    way = "max" if grows else "min"
    message = f"{best}{metric} and {best}epoch are no longer kept in the summary"
    call = f'run.define_metric("epoch/{metric}", summary="{way}")'
    value = f'run.summary["epoch/{metric}"]["{way}"]'
    return message, f"{call} keeps the value as {value}; target compat keeps both as they were."


def _validation_table(arguments: Arguments, fit_data: cst.BaseExpression | None) -> Part | None:
    wanted = arguments["log_evaluation"].truth
    images = images_condition(arguments)
    if wanted is False and images is False:
        return None
    blocked = arguments.given(*_NEEDS_A_HUMAN)
    kind, output = arguments["input_type"], arguments["output_type"]
    if images is not False and not (
        kind.literal in _IMAGES and output.literal in (None, "label", "")
    ):
        blocked.append("input_type" if kind.literal not in _IMAGES else "output_type")
    if blocked:
        hint = "Use --target compat."
        if {*blocked} <= {"input_type", "output_type"}:
            hint = (
                "Write input_type='image', with the output as it is or as 'label', or use "
                "--target compat."
            )
        raise Refusal("WKM411", f"WandbEvalCallback has no word for {', '.join(blocked)}", hint)
    data = fit_data
    if arguments["validation_data"].literal is not None:
        data = arguments["validation_data"].node
    if data is None:
        raise Refusal(
            "WKM411",
            "the data to predict on was taken from fit, and WandbEvalCallback needs it when it is "
            "constructed",
            "Give validation_data=(x, y), or use --target compat.",
        )
    given = [Given(None, data, "validation_data")]
    if arguments.given("labels"):
        given.append(Given("labels", arguments["labels"].node, "labels"))
    if images is not False:
        given.append(Given("images", expression("True"), "input_type"))
        if wanted is False:
            given.append(Given("rows", arguments.capped_predictions(), "predictions"))
    condition = arguments["log_evaluation"].operand if wanted is None and images is False else None
    return Part(GENERATED, tuple(given), condition)
