"""Carry the shim into the Python processes that a script under ``wandb-keras-compat run`` starts.

``run`` puts this folder on PYTHONPATH; Python imports ``sitecustomize`` from there at start-up.
"""

import importlib.machinery
import importlib.util
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _here]

try:
    from wandb_keras_compat.shim.watcher import watch
except ImportError:  # another interpreter, without this package
    pass
else:
    watch(os.environ.get("WANDB_KERAS_COMPAT_PREFER", "ours"))
    if os.environ.get("WANDB_KERAS_COMPAT_OFFLINE") == "1":
        from wandb_keras_compat.shim.offline import keep

        keep()

# The sitecustomize that this one hides, if the environment has one.
_spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
if _spec is not None and _spec.loader is not None:
    _module = importlib.util.module_from_spec(_spec)
    sys.modules["sitecustomize"] = _module
    _spec.loader.exec_module(_module)
