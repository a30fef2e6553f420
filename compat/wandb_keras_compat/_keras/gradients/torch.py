"""Loss gradients with torch autograd; no parameter's ``.grad`` is touched."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import torch

from wandb_keras_compat._keras import owner_of, to_numpy
from wandb_keras_compat._keras.training_data import TrainingData, map_arrays

from .base import PureLoss, Sums


class TorchStep:
    """Sums gradients over batches.

    Args:
        model: A compiled Keras 3 model.
        weights: Its trainable weights.
    """

    def __init__(self, model: Any, weights: Sequence[Any]) -> None:
        self._loss = PureLoss(model, weights)
        self._convert = owner_of(model).keras().ops.convert_to_tensor

    def __call__(self, data: TrainingData, scale: float) -> Sums:
        loss_of, model = self._loss, self._loss.model
        loss_of.build_with(data, self._tensor)
        values = [weight.value for weight in loss_of.weights]
        fixed = [variable.value for variable in loss_of.fixed]
        carried = [variable.value for variable in loss_of.carried]
        sums: Any = [None] * len(values)
        # Wrapped torch modules keep state of their own; a DataLoader draws from torch's generator.
        buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
        was_training = model.training
        model.train()
        try:
            with torch.random.fork_rng(range(torch.cuda.device_count())), torch.enable_grad():
                for batch in data.batches():
                    batch = map_arrays(self._tensor, list(batch))
                    loss, carried = loss_of(values, fixed, carried, *batch)
                    if not loss.requires_grad:
                        continue
                    gradients = torch.autograd.grad(loss * scale, values, allow_unused=True)
                    for index, gradient in enumerate(gradients):
                        if gradient is not None:
                            gradient = gradient.float() / scale
                            total = sums[index]
                            sums[index] = gradient if total is None else total + gradient
        finally:
            model.train(was_training)
            with torch.no_grad():
                for buffer, value in buffers:
                    buffer.copy_(value)
        return [None if total is None else to_numpy(total).astype(np.float64) for total in sums]

    def _tensor(self, array: Any) -> Any:
        return self._convert(array if isinstance(array, torch.Tensor) else to_numpy(array))
