"""How many floating point operations one forward pass takes.

The convention is upstream's: a batch of one, inference mode, half of the operations that the
backend counts, so that a multiplication with its addition is one. TensorFlow's profiler and JAX's
cost analysis count every operation they know; torch counts those of matrix products and
convolutions alone, so its number is somewhat smaller. A loop (TensorFlow's LSTM) counts once.
"""

from __future__ import annotations

import logging
from typing import Any

from . import owner_of


def gflops(model: Any) -> float:
    """Return the operations of a forward pass of one row, in 1e9, a multiply-add being one.

    Args:
        model: A model that has been built.

    Raises:
        ValueError: If the shapes of its inputs are not known.

    Example:
        >>> gflops(model)  # doctest: +SKIP
        0.000069
    """
    owner = owner_of(model)
    count = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}.get(owner.backend)
    if count is None:
        raise ValueError(f"the backend {owner.backend} cannot count operations")
    return float(count(model)) / 1e9 / 2


def _row(model: Any, make: Any) -> Any:
    """Return the model's inputs for a batch of one; ``make(shape, dtype)`` makes one of them."""
    inputs = getattr(model, "inputs", None)
    if inputs:
        made = [make((1, *_known(tensor.shape[1:])), tensor.dtype) for tensor in inputs]
        structure = getattr(model, "_inputs_struct", None)  # Keras 3: names of a dict of inputs
        if isinstance(structure, dict):
            return dict(zip(structure, made))
        return made[0] if len(made) == 1 else made
    if owner_of(model).keras_3:
        shapes = (model.get_build_config() or {}).get("input_shape")
        return _of_shapes(shapes, lambda shape: make(shape, model.input_dtype))
    specs = getattr(model, "save_spec", lambda: None)()  # what a subclassed model was called on
    return _of_specs(specs[0][0] if specs else None, make)


def _of_shapes(shapes: Any, make: Any) -> Any:
    if isinstance(shapes, dict):
        return {name: _of_shapes(shape, make) for name, shape in shapes.items()}
    if not shapes:
        raise ValueError("the shapes of the model's inputs are not known")
    if all(isinstance(size, (int, type(None))) for size in shapes):
        return make((1, *_known(shapes[1:])))
    return [_of_shapes(shape, make) for shape in shapes]


def _of_specs(spec: Any, make: Any) -> Any:
    if isinstance(spec, dict):
        return {name: _of_specs(part, make) for name, part in spec.items()}
    if isinstance(spec, (list, tuple)):
        return [_of_specs(part, make) for part in spec]
    return _of_shapes(getattr(spec, "shape", None), lambda shape: make(shape, spec.dtype))


def _known(shape: Any) -> Any:
    if any(size is None for size in shape):
        raise ValueError(f"an input has the shape {tuple(shape)}, of unknown size")
    return shape


def _tensorflow(model: Any) -> int:
    import tensorflow as tf
    from tensorflow.python.framework import convert_to_constants

    row = _row(model, lambda shape, dtype: tf.TensorSpec(shape, dtype))
    forward = tf.function(lambda inputs: model(inputs, training=False))
    constant, _ = convert_to_constants.convert_variables_to_constants_v2_as_graph(
        forward.get_concrete_function(row)
    )
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # the profiler calls functions that TensorFlow deprecates
    try:
        profile = profiler.profile(
            graph=constant.graph,
            run_meta=tf.compat.v1.RunMetadata(),
            cmd="scope",
            options=options.with_empty_output().build(),
        )
    finally:
        logger.setLevel(level)
    return int(profile.total_float_ops)


def _jax(model: Any) -> float:
    import jax

    def forward(trained: Any, others: Any, inputs: Any) -> Any:
        return model.stateless_call(trained, others, inputs, **_inference(model))[0]

    def shapes(variables: Any) -> list[Any]:
        return [jax.ShapeDtypeStruct(v.value.shape, v.value.dtype) for v in variables]

    row = _row(model, jax.ShapeDtypeStruct)
    arguments = shapes(model.trainable_variables), shapes(model.non_trainable_variables), row
    # Before compilation: what a device's compiler fuses or hands to a library is not counted. And
    # on the CPU: CUDA's client has no analysis of what is not compiled (JAX 0.11.2 answers None).
    with jax.default_device(jax.local_devices(backend="cpu")[0]):
        cost = jax.jit(forward).lower(*arguments).cost_analysis()
    return float(cost["flops"])


def _torch(model: Any) -> int:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    zeros = owner_of(model).keras().ops.zeros
    row = _row(model, zeros)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(row, **_inference(model))
    return int(counter.get_total_flops())


def _inference(model: Any) -> Any:
    return {"training": False} if getattr(model, "_call_has_training_arg", False) else {}
