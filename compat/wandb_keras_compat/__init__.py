"""Legacy W&B Keras callbacks on every Keras and every wandb; importing this imports neither."""

from __future__ import annotations

# `enable` imports this package in every interpreter: typing alone would cost what it may cost.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .callbacks.best_metric import WandbBestMetric as WandbBestMetric
    from .callbacks.best_model import WandbBestModel as WandbBestModel
    from .callbacks.callback_list import WandbCallbackList as WandbCallbackList
    from .callbacks.eval_callback import WandbEvalCallback as WandbEvalCallback
    from .callbacks.gradient_histograms import WandbGradientHistograms as WandbGradientHistograms
    from .callbacks.metrics_logger import WandbMetricsLogger as WandbMetricsLogger
    from .callbacks.model_checkpoint import WandbModelCheckpoint as WandbModelCheckpoint
    from .callbacks.model_flops import WandbModelFlops as WandbModelFlops
    from .callbacks.model_graph import WandbModelGraph as WandbModelGraph
    from .callbacks.parameter_histograms import WandbParameterHistograms as WandbParameterHistograms
    from .callbacks.prediction_images import WandbPredictionImages as WandbPredictionImages
    from .callbacks.prediction_table import WandbPredictionTable as WandbPredictionTable
    from .environment import Environment as Environment
    from .environment import detect as detect
    from .legacy import WandbCallback as WandbCallback

__version__ = "0.1.0"

# public name -> module that defines it
_HOMES = {
    "WandbBestMetric": "callbacks.best_metric",
    "WandbBestModel": "callbacks.best_model",
    "WandbCallbackList": "callbacks.callback_list",
    "WandbEvalCallback": "callbacks.eval_callback",
    "WandbGradientHistograms": "callbacks.gradient_histograms",
    "WandbMetricsLogger": "callbacks.metrics_logger",
    "WandbModelCheckpoint": "callbacks.model_checkpoint",
    "WandbModelFlops": "callbacks.model_flops",
    "WandbModelGraph": "callbacks.model_graph",
    "WandbParameterHistograms": "callbacks.parameter_histograms",
    "WandbPredictionImages": "callbacks.prediction_images",
    "WandbPredictionTable": "callbacks.prediction_table",
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
