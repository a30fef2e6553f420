"""The callbacks: one file is one callback, imported when its name is first asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .best_metric import WandbBestMetric as WandbBestMetric
    from .best_model import WandbBestModel as WandbBestModel
    from .callback_list import WandbCallbackList as WandbCallbackList
    from .eval_callback import WandbEvalCallback as WandbEvalCallback
    from .gradient_histograms import WandbGradientHistograms as WandbGradientHistograms
    from .metrics_logger import WandbMetricsLogger as WandbMetricsLogger
    from .model_checkpoint import WandbModelCheckpoint as WandbModelCheckpoint
    from .model_flops import WandbModelFlops as WandbModelFlops
    from .model_graph import WandbModelGraph as WandbModelGraph
    from .parameter_histograms import WandbParameterHistograms as WandbParameterHistograms
    from .prediction_images import WandbPredictionImages as WandbPredictionImages
    from .prediction_table import WandbPredictionTable as WandbPredictionTable

# public name -> file that defines it
_HOMES = {
    "WandbBestMetric": "best_metric",
    "WandbBestModel": "best_model",
    "WandbCallbackList": "callback_list",
    "WandbEvalCallback": "eval_callback",
    "WandbGradientHistograms": "gradient_histograms",
    "WandbMetricsLogger": "metrics_logger",
    "WandbModelCheckpoint": "model_checkpoint",
    "WandbModelFlops": "model_flops",
    "WandbModelGraph": "model_graph",
    "WandbParameterHistograms": "parameter_histograms",
    "WandbPredictionImages": "prediction_images",
    "WandbPredictionTable": "prediction_table",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
