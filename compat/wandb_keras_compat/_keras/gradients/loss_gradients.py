"""The gradient of a model's compiled loss, summed over training data; the model stays as it is."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from wandb_keras_compat import _run
from wandb_keras_compat._keras import owner_of, to_numpy
from wandb_keras_compat._keras.predicting import fixed_batch_size, states_kept
from wandb_keras_compat._keras.training_data import TrainingData

from .base import Sums


class LossGradients:
    """Sums of loss gradients over the batches of training data, in training mode.

    What is differentiated is the loss as compiled, with regularisation, activity and added
    losses; each batch starts from the weights (BatchNorm statistics too) the model has now, and
    from the states that the batch before left in stateful layers. Where the model fixes the size
    of a batch, it is that one. The compiled step is kept until another model, another ``compile``
    or other trainable weights come.

    Args:
        data: The training data.

    Example:
        >>> LossGradients(TrainingData(x, y, 32))(model)["dense/kernel"].shape  # doctest: +SKIP
        (64, 256)
    """

    def __init__(self, data: TrainingData) -> None:
        self._data = data
        self._batch_size = data.batch_size
        self._made_for: Sequence[Any] = ()
        self._step: Any = None

    def __reduce__(self) -> Any:
        """Copy as one that compiles its step anew."""
        self._data.batch_size = self._batch_size
        return LossGradients, (self._data,)

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
        self._data.batch_size = fixed_batch_size(model) or self._batch_size
        with states_kept(model):
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
        from .tensorflow import keras_2_step

        return keras_2_step(model, weights)
    if owner.backend == "tensorflow":
        from .tensorflow import Keras3Step

        return Keras3Step(model, weights)
    if owner.backend == "jax":
        from .jax import JaxStep

        return JaxStep(model, weights)
    if owner.backend == "torch":
        from .torch import TorchStep

        return TorchStep(model, weights)
    raise NotImplementedError(f"the backend {owner.backend} has no gradients")


def _loss_scale(model: Any) -> float:
    """Return what mixed precision multiplies the loss with, so that half floats do not vanish."""
    for attribute in ("dynamic_scale", "loss_scale"):  # Keras 3, Keras 2
        scale = getattr(model.optimizer, attribute, None)
        if scale is not None:
            return float(to_numpy(scale))
    return 1.0


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
