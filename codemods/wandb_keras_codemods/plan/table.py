"""Target ``wandb``: the table of predictions, which a class that is written into the file logs."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.refusal import Note, Refusal

from .arguments import Arguments
from .expressions import expression
from .parts import GENERATED, Given, Part
from .rules import images_condition

_IMAGES = ("image", "images")
_NEEDS_A_HUMAN = (
    "generator",
    "validation_indexes",
    "validation_row_processor",
    "prediction_row_processor",
    "class_colors",
)


def validation_table(arguments: Arguments, fit_data: cst.BaseExpression | None) -> Part | None:
    """Return the table that shows what the legacy callback showed; None where it showed nothing.

    Args:
        arguments: The construction's arguments.
        fit_data: validation_data of the fit it goes to, if it can be repeated.

    Raises:
        Refusal: The table cannot show it, or the data is not known.
    """
    wanted = arguments["log_evaluation"].truth
    images = images_condition(arguments)
    if wanted is False and images is False:
        return None
    blocked = arguments.given(*_NEEDS_A_HUMAN)
    fresh = _fresh_generator(arguments)
    if fresh is not None:
        blocked.remove("generator")
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
    origin, data = "validation_data", fit_data
    if arguments["validation_data"].literal is not None:
        data = arguments["validation_data"].node
    elif fresh is not None:
        origin, data = "generator", fresh
    if data is None:
        raise Refusal(
            "WKM411",
            "the data to predict on was taken from fit, and WandbEvalCallback needs it when it is "
            "constructed",
            "Give validation_data=(x, y), or use --target compat.",
        )
    given = [Given(None, data, origin)]
    if arguments.given("labels"):
        given.append(Given("labels", arguments["labels"].node, "labels"))
    if images is not False:
        given.append(Given("images", expression("True"), "input_type"))
        rows = arguments.capped_predictions()
        if wanted is False:
            given.append(Given("rows", rows, "predictions"))
        elif wanted is None:
            operand = arguments["log_evaluation"].operand
            rows = expression("None if {w} else {r}", w=operand, r=rows)
            given.append(Given("rows", rows, "predictions"))
        given.append(Given("frequency", expression("1")))
    elif arguments.changed("log_evaluation_frequency"):
        every = arguments["log_evaluation_frequency"]
        given.append(Given("frequency", every.node, "log_evaluation_frequency"))
    condition = arguments["log_evaluation"].operand if wanted is None and images is False else None
    return Part(GENERATED, tuple(given), condition)


def _fresh_generator(arguments: Arguments) -> cst.BaseExpression | None:
    """Return a generator that the call makes for itself, so that nobody else draws from it."""
    value = arguments["generator"]
    return value.node if value.fresh else None


def table_notes(arguments: Arguments) -> list[Note]:
    """Say what the table shows and when, and what is lost beside it."""
    images = images_condition(arguments)
    every = arguments["log_evaluation_frequency"]
    when = "at the end of the training"
    if images is not False:
        when = "after every epoch"
    elif not every.known or every.truth:
        when = f"every log_evaluation_frequency={every.text} epochs, and at the end"
    batch = ""
    if _fresh_generator(arguments) is not None and arguments["validation_data"].literal is None:
        batch = " of the generator's first batch"
    notes = [
        Note("WKM210", f"{GENERATED} was written into the file; it logs its table{batch} {when}")
    ]
    if images is not False:
        notes.append(
            Note(
                "WKM306",
                "examples: pictures are no longer logged in the rows of the history",
                "The table has the first of them. Target compat: WandbPredictionImages",
            )
        )
    return notes
