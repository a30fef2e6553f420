"""Loss gradients with TensorFlow: one compiled function walks all batches of arrays."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import Any, Iterator, Sequence

import numpy as np
import tensorflow as tf

from wandb_keras_compat._keras.training_data import TrainingData, map_arrays

from .base import PureLoss, Sums

_TOGETHER = 256  # batches copied to TensorFlow at once


class _Step:
    """Sums gradients; subclasses say how one batch is differentiated."""

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self.model, self.weights = model, weights
        self._without: set[int] = set()  # weights without a gradient, found while tracing
        self._loop = True
        self._one, self._many = self._add_batch, self._add_batches
        if not getattr(model, "run_eagerly", False):
            self._one, self._many = _compiled(self._add_batch), _compiled(self._add_batches)

    def __call__(self, data: TrainingData, scale: float) -> Sums:
        """Return the sums over all batches, the loss being multiplied by ``scale`` meanwhile."""
        sums = [tf.zeros(w.shape, _sum_type(w.dtype)) for w in self.weights]
        factor = tf.constant(scale, tf.float32)
        with _random_numbers_kept(), self._state_kept() as state:
            for batch in data.batches(_TOGETHER if self._loop else 1):
                with tf.device("CPU:0"):
                    batch = map_arrays(_tensor, list(batch))
                if data.is_arrays and self._loop:
                    size = tf.constant(data.batch_size)
                    sums, state = self._many(sums, state, factor, batch, size)
                else:
                    sums, state = self._one(sums, state, factor, batch)
        return [
            None if index in self._without else total.numpy().astype(np.float64)
            for index, total in enumerate(sums)
        ]

    def _add_batches(self, sums: Any, state: Any, scale: Any, batch: Any, size: Any) -> Any:
        rows = tf.shape(next(a for a in tf.nest.flatten(batch) if a is not None))[0]
        for start in tf.range(0, rows, size):
            with tf.device("CPU:0"):
                part = map_arrays(lambda array: array[start : start + size], batch)  # noqa: B023
            sums, state = self._add_batch(sums, state, scale, part)
        return sums, state

    def _add_batch(self, sums: Any, state: Any, scale: Any, batch: Any) -> Any:
        gradients, state = self._differentiate(state, scale, *batch)
        new_sums = []
        for index, (total, gradient) in enumerate(zip(sums, gradients)):
            if gradient is None:
                self._without.add(index)
                new_sums.append(total)
            elif isinstance(gradient, tf.IndexedSlices):  # of an embedding
                rows = tf.cast(gradient.values, total.dtype) / tf.cast(scale, total.dtype)
                new_sums.append(
                    tf.tensor_scatter_nd_add(total, gradient.indices[:, tf.newaxis], rows)
                )
            else:
                gradient = tf.cast(gradient, total.dtype) / tf.cast(scale, total.dtype)
                new_sums.append(total + gradient)
        return new_sums, state

    def _state_kept(self) -> Any:
        raise NotImplementedError

    def _differentiate(self, state: Any, scale: Any, x: Any, y: Any, sample_weight: Any) -> Any:
        raise NotImplementedError


class Keras2Step(_Step):
    """Steps of a Keras 2 model, whose state is put back after each batch and at the end."""

    @contextmanager
    def _state_kept(self) -> Iterator[list[Any]]:
        fixed = list(self.model.non_trainable_weights)
        others = _other_variables(self.model)
        kept = [tf.identity(variable) for variable in [*fixed, *others]]
        try:
            yield kept[: len(fixed)]
        finally:
            for variable, value in zip([*fixed, *others], kept):
                variable.assign(value)

    def _differentiate(self, state: Any, scale: Any, x: Any, y: Any, sample_weight: Any) -> Any:
        model = self.model
        with tf.GradientTape() as tape:
            y_pred = model(x, training=True)
            if hasattr(model, "compute_loss"):  # until: TensorFlow 2.8 is dropped
                loss = model.compute_loss(x, y, y_pred, sample_weight)
            else:
                loss = model.compiled_loss(
                    y, y_pred, sample_weight, regularization_losses=model.losses
                )
            loss *= tf.cast(scale, loss.dtype)
        gradients = tape.gradient(loss, self.weights)
        for variable, value in zip(model.non_trainable_weights, state):
            variable.assign(value)
        return gradients, state


class DistributedKeras2Step(Keras2Step):
    """Steps of a Keras 2 model that was made under a ``tf.distribute`` strategy.

    Metrics can only be updated within replicas: each one computes the same batch, one counts.
    """

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        super().__init__(model, weights)
        self._loop = False  # within a replica it could not update BatchNorm's statistics
        self._one = _compiled(self._add_batch_in_replicas)

    def _add_batch_in_replicas(self, *args: Any) -> Any:
        strategy = self.model.distribute_strategy
        added = strategy.run(self._add_batch, args)
        return tf.nest.map_structure(lambda v: strategy.experimental_local_results(v)[0], added)

    def _differentiate(self, state: Any, scale: Any, x: Any, y: Any, sample_weight: Any) -> Any:
        replicas = self.model.distribute_strategy.num_replicas_in_sync  # each has its share of loss
        scale = scale * tf.cast(replicas, scale.dtype)
        # Frozen weights cannot be assigned within a replica, so no state is put back here.
        gradients, _ = Keras2Step._differentiate(self, [], scale, x, y, sample_weight)
        return gradients, state


class Keras3Step(_Step):
    """Steps of a Keras 3 model on TensorFlow."""

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self._loss = PureLoss(model, weights)
        super().__init__(model, weights)

    def __call__(self, data: TrainingData, scale: float) -> Sums:
        self._loss.build_with(data, tf.convert_to_tensor)
        return super().__call__(data, scale)

    @contextmanager
    def _state_kept(self) -> Iterator[list[Any]]:
        yield [tf.identity(variable.value) for variable in self._loss.carried]

    def _differentiate(self, state: Any, scale: Any, x: Any, y: Any, sample_weight: Any) -> Any:
        values = [tf.convert_to_tensor(weight.value) for weight in self.weights]
        fixed = [tf.convert_to_tensor(weight.value) for weight in self._loss.fixed]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            loss, state = self._loss(values, fixed, state, x, y, sample_weight)
            loss *= tf.cast(scale, loss.dtype)
        return tape.gradient(loss, values), state


def keras_2_step(model: Any, weights: Sequence[Any]) -> Keras2Step:
    """Return the step that suits a Keras 2 model."""
    distributed = "_Default" not in type(model.distribute_strategy).__name__
    return (DistributedKeras2Step if distributed else Keras2Step)(model, weights)


def _compiled(function: Any) -> Any:
    try:
        return tf.function(function, reduce_retracing=True)
    except TypeError:  # until: TensorFlow 2.8 is dropped
        return tf.function(function, experimental_relax_shapes=True)


def _tensor(array: Any) -> Any:
    return array if tf.is_tensor(array) else tf.convert_to_tensor(array)


def _sum_type(dtype: Any) -> Any:
    return tf.float64 if tf.as_dtype(dtype) == tf.float64 else tf.float32


def _other_variables(model: Any) -> list[Any]:
    """Return what a training step changes beside weights: metrics, states, random generators."""
    found = [variable for metric in model.metrics for variable in metric.variables]
    for part in model._flatten_layers():
        if getattr(part, "stateful", False) and getattr(part, "states", None):
            found += [state for state in tf.nest.flatten(part.states) if state is not None]
        generator = getattr(getattr(part, "_random_generator", None), "_generator", None)
        if isinstance(generator, tf.random.Generator):
            found.append(generator.state)
    return [variable for variable in found if isinstance(variable, tf.Variable)]


@contextmanager
def _random_numbers_kept() -> Iterator[None]:
    """Keep Python's and numpy's random numbers: layers draw seeds from them while tracing."""
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
