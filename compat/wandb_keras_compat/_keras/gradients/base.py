"""What the steps of every backend share: the sums they return, and the loss they differentiate."""

from __future__ import annotations

import inspect
from typing import Any, List, Optional, Sequence

import numpy as np

from wandb_keras_compat._keras import owner_of
from wandb_keras_compat._keras.predicting import states_of
from wandb_keras_compat._keras.training_data import TrainingData, map_arrays

Sums = List[Optional["np.ndarray[Any, Any]"]]  # one for each trainable weight


class PureLoss:
    """The loss of a Keras 3 model as a function of values: no variable is ever assigned.

    Args:
        model: A compiled Keras 3 model.
        weights: Its trainable weights.

    Attributes:
        fixed: Weights that are not trained.
        carried: Other state, as of dropout and stateful layers: it goes on from batch to batch.
    """

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self.model, self.weights = model, weights
        self.fixed = list(model.non_trainable_weights)
        fixed = {id(variable) for variable in self.fixed}
        self.carried = [v for v in model.non_trainable_variables if id(v) not in fixed]
        self.carried += states_of(model)  # which Keras 3 does not count among its variables
        self._scope = owner_of(model).keras().StatelessScope
        takes_training = "training" in inspect.signature(model.call).parameters
        self._call = {"training": True} if takes_training else {}
        takes_training = "training" in inspect.signature(model.compute_loss).parameters
        self._compute = {"training": True} if takes_training else {}

    def build_with(self, data: TrainingData, tensor: Any) -> None:
        """Create what ``compute_loss`` creates when it is first called: no scope allows that."""
        compiled = getattr(self.model, "_compile_loss", None)
        if compiled is None or compiled.built:
            return
        x, y, sample_weight = map_arrays(tensor, list(next(data.batches())))
        self.model.compute_loss(x=x, y=y, y_pred=self.model(x), sample_weight=sample_weight)

    def __call__(
        self, values: Any, fixed: Any, carried: Any, x: Any, y: Any, sample_weight: Any
    ) -> Any:
        """Return the loss and the new values of ``carried``."""
        variables = [*self.weights, *self.fixed, *self.carried]
        mapping = list(zip(variables, [*values, *fixed, *carried]))
        with self._scope(mapping, collect_losses=True) as scope:
            y_pred = self.model(x, **self._call)
            loss = self.model.compute_loss(
                x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, **self._compute
            )
        return loss, [scope.get_current_value(variable) for variable in self.carried]
