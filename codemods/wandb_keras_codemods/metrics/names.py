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
_BEST = "best_"  # log_best_prefix, where it is not given
_ENDINGS = ("_loss", "_acc", "_accuracy")
_NOT_KERAS = ("train_", "training_", "valid_", "validation_", "test_", "dev_", "eval_")


@dataclass(frozen=True)
class MetricNames:
    """Which names the callback logged, as far as a source tells.

    Args:
        own: Names the program logs itself; they stay.
        compiled: Further names of metrics given to ``compile``.
        unseen: Whether the program logs itself under names that are not seen.
        prefixes: Further beginnings of the best values in the summary (``log_best_prefix``).
        ways: Metrics that are monitored, each with the ``mode`` that is given for it.

    Example:
        >>> MetricNames().new("val_loss"), MetricNames(own=frozenset({"val_loss"})).new("val_loss")
        ('epoch/val_loss', None)
    """

    own: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()
    unseen: bool = False
    prefixes: frozenset[str] = frozenset()
    ways: frozenset[tuple[str, str]] = frozenset()

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
        return MetricNames(
            self.own | other.own,
            self.compiled | other.compiled,
            self.unseen or other.unseen,
            self.prefixes | other.prefixes,
            self.ways | other.ways,
        )

    def optimised(self, name: str) -> str:
        """Say what a sweep may optimise instead of a best value.

        Example:
            >>> MetricNames().optimised("best_val_loss")
            "Optimise 'epoch/val_loss' instead"
        """
        metric = self._of_best(name)
        if metric == "epoch":
            return "Nothing takes its place: optimise a metric"
        return f"Optimise 'epoch/{metric}' instead"

    def instead(self, name: str) -> tuple[str, str]:
        """Say what a best value's name stands for no longer, and what to read instead.

        Example:
            >>> MetricNames().instead("best_acc")[1].partition("; ")[2]
            'run.summary["epoch/acc"]["max"] has it.'
        """
        message = f"{name} is not written into the summary any more"
        plain = self._of_best(name)
        if plain == "epoch":
            return message, "Nothing takes its place: find the best epoch in the run's history."
        metric = f"epoch/{plain}"
        way = dict(sorted(self.ways)).get(plain) or legacy_mode(plain)
        call, value = f'run.define_metric("{metric}", summary="{way}")', f'["{metric}"]["{way}"]'
        return message, f"Call {call}; run.summary{value} has it."

    def best(self, name: str) -> bool:
        """Whether a name is one of the best values that were kept in the summary."""
        plain = self._of_best(name)
        if name in self.own or not plain:
            return False
        return plain == "epoch" or MetricNames(compiled=self.compiled).new(plain) is not None

    def _of_best(self, name: str) -> str:
        """Return the metric that a name tells the best value of; empty for other names."""
        prefixes = sorted((*self.prefixes, _BEST), key=len, reverse=True)
        return next((name[len(p) :] for p in prefixes if name.startswith(p)), "")
