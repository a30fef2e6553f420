"""Carry the shim into the Python processes that a script under ``wandb-keras-compat run`` starts.

``run`` puts this folder on PYTHONPATH; Python imports ``sitecustomize`` from there at start-up.
"""

import os
import sys

try:
    from wandb_keras_compat_startup import watch  # type: ignore[import-not-found]

    watch(os.environ.get("WANDB_KERAS_COMPAT_PREFER", "ours"))
    if os.environ.get("WANDB_KERAS_COMPAT_RUNS"):
        from wandb_keras_compat_runs import note  # type: ignore[import-not-found]

        note(os.environ["WANDB_KERAS_COMPAT_RUNS"])
    if os.environ.get("WANDB_KERAS_COMPAT_OFFLINE") == "1":
        from wandb_keras_compat.shim.offline import keep

        keep()
except ImportError:  # another interpreter, without this package
    pass
finally:
    _here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _here]

# The sitecustomize that this one hides, if the environment has one.
_own = sys.modules.pop(__name__)
try:
    __import__(__name__)
except ImportError as error:
    if error.name != __name__:
        raise
finally:
    sys.modules.setdefault(__name__, _own)
