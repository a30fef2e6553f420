"""The gradient of a model's compiled loss, summed over training data; the model stays as it is."""

from __future__ import annotations

import inspect
from typing import Any, List, Optional, Sequence

import numpy as np

from wandb_keras_compat import _run

from . import owner_of, to_numpy
from .training_data import TrainingData, map_arrays

Sums = List[Optional["np.ndarray[Any, Any]"]]  # one for each trainable weight


class LossGradients:
    """Sums of loss gradients over the batches of training data, in training mode.

    What is differentiated is the loss as compiled, with regularisation, activity and added
    losses; each batch starts from the weights (BatchNorm statistics too) the model has now. The
    compiled step is kept until another model, another ``compile`` or other trainable weights come.

    Args:
        data: The training data.

    Example:
        >>> LossGradients(TrainingData(x, y, 32))(model)["dense/kernel"].shape  # doctest: +SKIP
        (64, 256)
    """

    def __init__(self, data: TrainingData) -> None:
        self._data = data
        self._made_for: Sequence[Any] = ()
        self._step: Any = None

    def __call__(self, model: Any) -> dict[str, np.ndarray[Any, Any]]:
        """Return the sum for each trainable weight that has a gradient, by its legacy name.

        Args:
            model: A compiled model that has been built.
        """
        weights = list(model.trainable_weights)
        if not weights:
            return {}
        compiled = getattr(model, "_compile_loss", None) or getattr(model, "compiled_loss", None)
        made_for = (model, compiled, *weights)
        same = len(made_for) == len(self._made_for)
        if not same or any(a is not b for a, b in zip(made_for, self._made_for)):
            self._step, self._made_for = _step_for(model, weights), made_for
        sums = self._sums(_loss_scale(model))
        names = legacy_names(model, weights)
        without = [name for name, total in zip(names, sums) if total is None]
        if without:
            _run.warn(
                f"No gradient reaches {', '.join(without)}: left out of the gradient histograms."
                " Set trainable=False on what the loss does not use."
            )
        return {name: total for name, total in zip(names, sums) if total is not None}

    def _sums(self, scale: float) -> Sums:
        # Half precision can overflow at the scale that the last training step has just raised.
        while True:
            sums: Sums = self._step(self._data, scale)
            finite = all(total is None or np.isfinite(total).all() for total in sums)
            if finite or scale <= 1:
                return sums
            scale = max(scale / 16, 1.0)


def _step_for(model: Any, weights: Sequence[Any]) -> Any:
    owner = owner_of(model)
    if not owner.keras_3:
        from .gradients_tensorflow import keras_2_step

        return keras_2_step(model, weights)
    if owner.backend == "tensorflow":
        from .gradients_tensorflow import Keras3Step

        return Keras3Step(model, weights)
    if owner.backend == "jax":
        from .gradients_jax import JaxStep

        return JaxStep(model, weights)
    if owner.backend == "torch":
        from .gradients_torch import TorchStep

        return TorchStep(model, weights)
    raise NotImplementedError(f"the backend {owner.backend} has no gradients")


def _loss_scale(model: Any) -> float:
    """Return what mixed precision multiplies the loss with, so that half floats do not vanish."""
    for attribute in ("dynamic_scale", "loss_scale"):  # Keras 3, Keras 2
        scale = getattr(model.optimizer, attribute, None)
        if scale is not None:
            return float(to_numpy(scale))
    return 1.0


class PureLoss:
    """The loss of a Keras 3 model as a function of values: no variable is ever assigned.

    Args:
        model: A compiled Keras 3 model.
        weights: Its trainable weights.

    Attributes:
        fixed: Weights that are not trained.
        carried: Other state, as of dropout: it goes on from batch to batch.
    """

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self.model, self.weights = model, weights
        self.fixed = list(model.non_trainable_weights)
        fixed = {id(variable) for variable in self.fixed}
        self.carried = [v for v in model.non_trainable_variables if id(v) not in fixed]
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


def legacy_names(model: Any, weights: Sequence[Any]) -> list[str]:
    """Return the weights' distinct names as Keras 2 had them, without ``:0``.

    Keras 3's path is that name, but for a Sequential, which puts its own name before its layers'.

    Args:
        model: The model the weights belong to.
        weights: Weights of the model.

    Example:
        >>> legacy_names(model, model.trainable_weights)  # doctest: +SKIP
        ['dense/kernel', 'dense/bias']
    """
    if owner_of(model).keras_3:
        names = {id(w): w.path for w in weights}
        sequential = owner_of(model).keras().Sequential
        for part in model._flatten_layers():
            if isinstance(part, sequential):
                for weight in part.weights:
                    path = names.get(id(weight), "")
                    _, found, after = f"/{path}".rpartition(f"/{part.name}/")
                    if found:
                        names[id(weight)] = after
        full = [names[id(weight)] for weight in weights]
    else:
        full = [weight.name.split(":")[0] for weight in weights]
    distinct: list[str] = []
    taken = set(full)
    for name in full:
        unique, count = name, 0
        while unique in distinct or (count and unique in taken):
            count += 1
            unique = f"{name}_{count}"
        distinct.append(unique)
    return distinct
