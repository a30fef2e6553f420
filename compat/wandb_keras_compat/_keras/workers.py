"""Which worker of a distributed training this process is: the frameworks are asked themselves."""

from __future__ import annotations

import sys
from typing import Any

_HOROVOD = ("horovod.tensorflow.keras", "horovod.keras", "horovod.tensorflow", "horovod.torch")


def is_chief(model: Any = None) -> bool:
    """Whether this process is the first of several workers, or the only one.

    Args:
        model: The model being trained. Without one, what the process has joined by now decides,
            and no framework is started.
    """
    if keeps_elsewhere(model):
        return False
    if model is None and not _is_chief_of_cluster():
        return False
    return not (_torch_rank() or _jax_rank(model) or _horovod_rank())


def saves_together(model: Any) -> bool:
    """Whether all workers have to save at the same time, since weights are read from all of them.

    Args:
        model: The model being trained.
    """
    strategy = getattr(model, "distribute_strategy", None)
    if strategy is None:
        return _jax_rank(model) is not None and int(sys.modules["jax"].process_count()) > 1
    multi_worker = getattr(sys.modules["tensorflow"].distribute, "MultiWorkerMirroredStrategy", ())
    if not isinstance(strategy, multi_worker):
        return False
    jobs = strategy.cluster_resolver.cluster_spec().as_dict()
    return sum(len(tasks) for tasks in jobs.values()) > 1


def keeps_elsewhere(model: Any) -> bool:
    """Whether another worker writes the same files: then this one's are only logged.

    Args:
        model: The model being trained.
    """
    strategy = getattr(model, "distribute_strategy", None)
    return strategy is not None and not strategy.extended.should_checkpoint


def _is_chief_of_cluster() -> bool:
    """Whether TensorFlow's collective operations have another chief.

    A strategy made outside its scope cannot be asked for in public without starting TensorFlow,
    which would forbid the user to configure it.
    """
    context = sys.modules.get("tensorflow.python.eager.context")
    server = None if context is None else context.context()
    server = getattr(server, "_collective_ops_server_def", None)
    if server is None or server.job_name != "worker":
        return True
    chiefs = any(job.name == "chief" for job in server.cluster.job)
    return bool(server.task_index == 0 and not chiefs)


def _torch_rank() -> int | None:
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return int(distributed.get_rank())


def _jax_rank(model: Any) -> int | None:
    """Return the rank; a model on JAX has started it, else only a process that joined is asked."""
    jax = sys.modules.get("jax")
    joined = getattr(getattr(jax, "distributed", None), "is_initialized", None)  # JAX 0.5 and later
    if jax is None or not (hasattr(model, "jax_state_sync") or (joined is not None and joined())):
        return None
    return int(jax.process_index())


def _horovod_rank() -> int | None:
    for name in _HOROVOD:
        horovod = sys.modules.get(name)
        if horovod is not None and horovod.is_initialized():
            return int(horovod.rank())
    return None
