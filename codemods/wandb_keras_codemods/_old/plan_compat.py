"""Target ``compat``: the parts the legacy callback is composed of, in their order."""

from __future__ import annotations

from wandb_keras_codemods._old.decisions import Part, Plan
from wandb_keras_codemods._old.legacy_rules import images_condition, log_freq, mode_notes, mode_text
from wandb_keras_codemods._old.values import Arguments


def plan_compat(arguments: Arguments) -> Plan:
    """Return the parts for a construction, with what differs from their defaults.

    Args:
        arguments: The construction's arguments.

    Raises:
        Refusal: A value would have to be evaluated twice.
    """
    parts: list[Part] = []

    def add(name: str, given: list[tuple[str | None, str]], flag: str) -> None:
        there, condition = arguments.condition(flag)
        if there:
            parts.append(Part(name, tuple(given), condition))

    def differing(*pairs: tuple[str, str]) -> list[tuple[str | None, str]]:
        return [(new, arguments[old].text) for new, old in pairs if arguments.changed(old)]

    data: list[tuple[str | None, str]] = []
    if arguments.changed("validation_data"):
        data = [(None, arguments["validation_data"].text)]

    add("WandbParameterHistograms", [], "log_weights")
    add("WandbGradientHistograms", [(None, arguments["training_data"].text)], "log_gradients")
    images = images_condition(arguments)
    if images is not False:
        typed = differing(
            ("generator", "generator"),
            ("input_type", "input_type"),
            ("output_type", "output_type"),
            ("labels", "labels"),
        )
        if arguments.changed("predictions"):
            typed.append(("predictions", arguments.capped_predictions()))
        typed += differing(("class_colors", "class_colors"))
        condition = images if isinstance(images, str) else None
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
    every = () if frequency is None else (("log_freq", frequency),)
    parts.append(Part("WandbMetricsLogger", (*every, ("key_style", '"legacy"'))))
    best: list[tuple[str | None, str]] = [
        (None, arguments["monitor"].text),
        ("mode", mode_text(arguments, "compat")),
    ]
    # the model part tells of improvements itself, the metric part where there is none
    quiet, prefix = _verbose_without_model(arguments), differing(("prefix", "log_best_prefix"))
    add("WandbBestMetric", best + prefix + quiet, "log_best_prefix")
    saving = differing(("save_weights_only", "save_weights_only"), ("verbose", "verbose"))
    add("WandbBestModel", best + saving + prefix, "save_model")
    _check_repeats(parts, arguments)
    return Plan(tuple(parts), tuple(mode_notes(arguments)))


def _verbose_without_model(arguments: Arguments) -> list[tuple[str | None, str]]:
    verbose, save = arguments["verbose"], arguments["save_model"]
    if save.truth is True or not arguments.changed("verbose"):
        return []
    if save.known:
        return [("verbose", verbose.text)]
    for name in ("verbose", "save_model"):
        arguments.repeatable(name)
    return [("verbose", f"0 if {save.operand} else {verbose.text}")]


def _check_repeats(parts: list[Part], arguments: Arguments) -> None:
    """Refuse a plan that would evaluate an expression with effects more than once."""
    for name, value in arguments.values.items():
        if value.known or value.repeatable():
            continue
        times = sum(part.condition == value.operand for part in parts) + sum(
            text == value.text for part in parts for _, text in part.arguments
        )
        if times > 1:
            arguments.repeatable(name)
