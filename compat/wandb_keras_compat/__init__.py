"""Legacy W&B Keras callbacks on every Keras and every wandb; importing this imports neither.

PYTEST_DONT_REWRITE: under ``run -m pytest`` this is imported before pytest, which would complain.
"""

from __future__ import annotations

__doc__ = __doc__ or "PYTEST_DONT_REWRITE"  # -OO drops the text above

# Its import is to cost next to nothing, and typing alone would cost more.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .callbacks import WandbBestMetric as WandbBestMetric
    from .callbacks import WandbBestModel as WandbBestModel
    from .callbacks import WandbCallbackList as WandbCallbackList
    from .callbacks import WandbEvalCallback as WandbEvalCallback
    from .callbacks import WandbGradientHistograms as WandbGradientHistograms
    from .callbacks import WandbMetricsLogger as WandbMetricsLogger
    from .callbacks import WandbModelCheckpoint as WandbModelCheckpoint
    from .callbacks import WandbModelFlops as WandbModelFlops
    from .callbacks import WandbModelGraph as WandbModelGraph
    from .callbacks import WandbParameterHistograms as WandbParameterHistograms
    from .callbacks import WandbPredictionImages as WandbPredictionImages
    from .callbacks import WandbPredictionTable as WandbPredictionTable
    from .environment import Environment as Environment
    from .environment import detect as detect
    from .legacy import WandbCallback as WandbCallback

__version__ = "0.1.0"

# public name -> room that offers it
_HOMES = {
    "WandbBestMetric": "callbacks",
    "WandbBestModel": "callbacks",
    "WandbCallbackList": "callbacks",
    "WandbEvalCallback": "callbacks",
    "WandbGradientHistograms": "callbacks",
    "WandbMetricsLogger": "callbacks",
    "WandbModelCheckpoint": "callbacks",
    "WandbModelFlops": "callbacks",
    "WandbModelGraph": "callbacks",
    "WandbParameterHistograms": "callbacks",
    "WandbPredictionImages": "callbacks",
    "WandbPredictionTable": "callbacks",
    "WandbCallback": "legacy",
    "Environment": "environment",
    "detect": "environment",
}

__all__ = [*sorted(_HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(ipython: object) -> None:
    """Make legacy imports work in this notebook: ``%load_ext wandb_keras_compat``."""
    from . import shim

    shim.install()


def unload_ipython_extension(ipython: object) -> None:
    """Undo ``%load_ext wandb_keras_compat``."""
    from . import shim

    shim.uninstall()
