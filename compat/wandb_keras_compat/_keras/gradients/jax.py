"""Loss gradients with JAX: one jitted step a batch, dispatched ahead."""

from __future__ import annotations

from typing import Any, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from wandb_keras_compat._keras import to_numpy
from wandb_keras_compat._keras.training_data import TrainingData, map_arrays

from .base import PureLoss, Sums


class JaxStep:
    """Sums gradients over batches.

    Args:
        model: A compiled Keras 3 model.
        weights: Its trainable weights.
    """

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self._loss = PureLoss(model, weights)
        self._add = jax.jit(self._add_batch)
        self._reached: list[bool] = []

    def __call__(self, data: TrainingData, scale: float) -> Sums:
        loss = self._loss
        loss.build_with(data, jnp.asarray)
        values, fixed, carried = (
            [variable.value for variable in variables]
            for variables in (loss.weights, loss.fixed, loss.carried)
        )
        sums = [jnp.zeros(value.shape, jnp.float32) for value in values]
        for batch in data.batches():
            batch = map_arrays(to_numpy, list(batch))
            if not self._reached:
                self._reached = _reached(
                    self._gradients, values, fixed, carried, scale, map_arrays(jnp.asarray, batch)
                )
            sums, carried = self._add(sums, values, fixed, carried, scale, batch)
        return [
            np.asarray(total, np.float64) if reached else None
            for total, reached in zip(sums, self._reached)
        ]

    def _gradients(self, values: Any, fixed: Any, carried: Any, scale: Any, batch: Any) -> Any:
        def scaled(values: Any) -> Any:
            loss, state = self._loss(values, fixed, carried, *batch)
            return loss * jnp.asarray(scale, loss.dtype), state

        return jax.grad(scaled, has_aux=True)(values)

    def _add_batch(
        self, sums: Any, values: Any, fixed: Any, carried: Any, scale: Any, batch: Any
    ) -> Any:
        gradients, carried = self._gradients(values, fixed, carried, scale, batch)
        added = [total + g.astype(total.dtype) / scale for total, g in zip(sums, gradients)]
        return added, carried


def _reached(function: Any, values: Any, *rest: Any) -> list[bool]:
    """Tell which gradients depend on anything: JAX gives zeros where there is none."""
    jaxpr = jax.make_jaxpr(function)(values, *rest).jaxpr
    depends = {id(variable) for variable in jaxpr.invars}
    for equation in jaxpr.eqns:
        if any(id(variable) in depends for variable in equation.invars):
            depends.update(id(variable) for variable in equation.outvars)
    return [id(variable) in depends for variable in jaxpr.outvars[: len(values)]]
