"""The names that the callback logged, and those that WandbMetricsLogger logs instead."""

from __future__ import annotations

from dataclasses import dataclass

from wandb_keras_codemods.legacy.arguments import legacy_mode

BEST_FILE = "model-best.h5"

_KNOWN = frozenset(
    {
        "loss", "acc", "accuracy", "lr", "learning_rate", "epoch", "auc", "precision", "recall",
        "mae", "mse", "rmse", "mape", "msle", "mean_absolute_error", "mean_squared_error",
        "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "f1_score",
    }
)  # fmt: skip
_ENDINGS = ("_loss", "_acc", "_accuracy")
_NOT_KERAS = ("train_", "training_", "valid_", "validation_", "test_", "dev_", "eval_")


@dataclass(frozen=True)
class MetricNames:
    """Which names the callback logged, as far as a source tells.

    Args:
        own: Names the program logs itself; they stay.
        compiled: Further names of metrics given to ``compile``.
        unseen: Whether the program logs itself under names that are not seen.

    Example:
        >>> MetricNames().new("val_loss"), MetricNames(own=frozenset({"val_loss"})).new("val_loss")
        ('epoch/val_loss', None)
    """

    own: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()
    unseen: bool = False

    def new(self, name: str) -> str | None:
        """Return the name WandbMetricsLogger logs; None where the name is not the callback's."""
        if name in self.own or "/" in name:
            return None
        plain = name[4:] if name.startswith("val_") else name
        if plain != name or name in _KNOWN | self.compiled or name.endswith(_ENDINGS):
            return None if self.best(name) else f"epoch/{name}"
        return None

    def sure(self, name: str) -> bool:
        """Whether a name certainly is the callback's; others are told and never rewritten.

        Example:
            >>> MetricNames().sure("val_loss"), MetricNames().sure("val_pictures")
            (True, False)
        """
        plain = name[4:] if name.startswith("val_") else name
        usual = plain.endswith(_ENDINGS) and not plain.startswith(_NOT_KERAS)
        known = usual or plain in _KNOWN | self.compiled
        return known and not self.unseen and self.new(name) is not None

    def __or__(self, other: MetricNames) -> MetricNames:
        """Return what several files of a program tell together."""
        unseen = self.unseen or other.unseen
        return MetricNames(self.own | other.own, self.compiled | other.compiled, unseen)

    def optimised(self, name: str) -> str:
        """Say what a sweep may optimise instead of a best value.

        Example:
            >>> MetricNames().optimised("best_val_loss")
            "Optimise 'epoch/val_loss' instead"
        """
        if name == "best_epoch":
            return "Nothing takes its place: optimise a metric"
        return f"Optimise 'epoch/{name[5:]}' instead"

    def instead(self, name: str) -> tuple[str, str]:
        """Say what a best value's name stands for no longer, and what to read instead.

        Example:
            >>> MetricNames().instead("best_acc")[1].partition("; ")[2]
            'run.summary["epoch/acc"]["max"] has it.'
        """
        message = f"{name} is not written into the summary any more"
        if name == "best_epoch":
            return message, "Nothing takes its place: find the best epoch in the run's history."
        metric = f"epoch/{name[5:]}"
        way = legacy_mode(name[5:])
        call, value = f'run.define_metric("{metric}", summary="{way}")', f'["{metric}"]["{way}"]'
        return message, f"Call {call}; run.summary{value} has it."

    def best(self, name: str) -> bool:
        """Whether a name is one of the best values that were kept in the summary."""
        if name in self.own or not name.startswith("best_"):
            return False
        return name == "best_epoch" or self.new(name[5:]) is not None
