"""The names that the callback logged, and those that WandbMetricsLogger logs instead."""

from __future__ import annotations

from dataclasses import dataclass

BEST_FILE = "model-best.h5"

_KNOWN = frozenset(
    {
        "loss", "acc", "accuracy", "lr", "learning_rate", "epoch", "auc", "precision", "recall",
        "mae", "mse", "rmse", "mape", "msle", "mean_absolute_error", "mean_squared_error",
        "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "f1_score",
    }
)  # fmt: skip
_ENDINGS = ("_loss", "_acc", "_accuracy")


@dataclass(frozen=True)
class MetricNames:
    """Which names the callback logged, as far as a source tells.

    Args:
        own: Names the program logs itself; they stay.
        compiled: Further names of metrics given to ``compile``.

    Example:
        >>> MetricNames().new("val_loss"), MetricNames(own=frozenset({"val_loss"})).new("val_loss")
        ('epoch/val_loss', None)
    """

    own: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()

    def new(self, name: str) -> str | None:
        """Return the name WandbMetricsLogger logs; None where the name is not the callback's."""
        if name in self.own or "/" in name:
            return None
        plain = name[4:] if name.startswith("val_") else name
        if plain != name or name in _KNOWN | self.compiled or name.endswith(_ENDINGS):
            return None if self.best(name) else f"epoch/{name}"
        return None

    def best(self, name: str) -> bool:
        """Whether a name is one of the best values that were kept in the summary."""
        if name in self.own or not name.startswith("best_"):
            return False
        return name == "best_epoch" or self.new(name[5:]) is not None
