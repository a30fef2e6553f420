"""Target ``compat``: the parts the legacy callback is composed of, in their order."""

from __future__ import annotations

from wandb_keras_codemods.find.refusal import Note

from .arguments import Arguments
from .beside import KEEP_ONE, LEGACY_KEYS, style
from .expressions import expression
from .fits import Seen
from .parts import Given, Part, Plan
from .rules import images_condition, log_freq, mode, mode_notes


def plan_compat(arguments: Arguments, seen: Seen) -> Plan:
    """Return the parts for a construction, with what differs from their defaults.

    Args:
        arguments: The construction's arguments.
        seen: What is seen of the calls it goes to.

    Raises:
        Refusal: They mean something that no expression says.
    """
    parts: list[Part] = []

    def add(name: str, given: list[Given], flag: str) -> None:
        there, condition = arguments.condition(flag)
        if there:
            parts.append(Part(name, tuple(given), condition))

    def differing(*pairs: tuple[str, str]) -> list[Given]:
        return [
            Given(new, arguments[old].node, old) for new, old in pairs if arguments.changed(old)
        ]

    data: list[Given] = []
    if arguments.changed("validation_data"):
        data = [Given(None, arguments["validation_data"].node, "validation_data")]

    add("WandbParameterHistograms", [], "log_weights")
    training = Given(None, arguments["training_data"].node, "training_data")
    add("WandbGradientHistograms", [training], "log_gradients")
    images = images_condition(arguments)
    if images is not False:
        typed = differing(
            ("generator", "generator"),
            ("input_type", "input_type"),
            ("output_type", "output_type"),
            ("labels", "labels"),
        )
        if arguments.changed("predictions"):
            typed.append(Given("predictions", arguments.capped_predictions(), "predictions"))
        typed += differing(("class_colors", "class_colors"))
        condition = None if images is True else images
        parts.append(Part("WandbPredictionImages", (*data, *typed), condition))
    add(
        "WandbPredictionTable",
        data
        + differing(
            ("generator", "generator"),
            ("validation_steps", "validation_steps"),
            ("labels", "labels"),
            ("indexes", "validation_indexes"),
            ("row_processor", "validation_row_processor"),
            ("prediction_row_processor", "prediction_row_processor"),
            ("infer_missing_processors", "infer_missing_processors"),
            ("frequency", "log_evaluation_frequency"),
        ),
        "log_evaluation",
    )
    add("WandbModelFlops", [], "compute_flops")
    add("WandbModelGraph", [], "save_graph")
    frequency = log_freq(arguments, whole=False)
    every = [] if frequency is None else [Given("log_freq", frequency, "log_batch_frequency")]
    parts.append(Part("WandbMetricsLogger", (*every, Given("key_style", expression('"legacy"')))))
    best = [
        Given(None, arguments["monitor"].node, "monitor"),
        Given("mode", mode(arguments, "compat"), "mode"),
    ]
    # the model part tells of improvements itself, the metric part where there is none
    quiet, prefix = _verbose_without_model(arguments), differing(("prefix", "log_best_prefix"))
    add("WandbBestMetric", best + prefix + quiet, "log_best_prefix")
    saving = differing(("save_weights_only", "save_weights_only"), ("verbose", "verbose"))
    add("WandbBestModel", best + saving + prefix, "save_model")
    notes = mode_notes(arguments)
    logger = seen.logger or seen.perhaps
    if logger is not None and style(logger) == LEGACY_KEYS:
        notes.append(Note("WKM211", "another logger beside it logs the same keys", KEEP_ONE))
    return Plan(tuple(parts), tuple(notes))


def _verbose_without_model(arguments: Arguments) -> list[Given]:
    verbose, save = arguments["verbose"], arguments["save_model"]
    if save.truth is True or not arguments.changed("verbose"):
        return []
    if save.known:
        return [Given("verbose", verbose.node, "verbose")]
    either = expression("0 if {save} else {verbose}", save=save.operand, verbose=verbose.operand)
    return [Given("verbose", either, "verbose")]
