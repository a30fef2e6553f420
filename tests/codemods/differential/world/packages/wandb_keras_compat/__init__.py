"""Our callbacks, as the migrated programs import them."""

from stub_parts import (
    Legacy,
    WandbBestMetric,
    WandbBestModel,
    WandbCallbackList,
    WandbEvalCallback,
    WandbGradientHistograms,
    WandbMetricsLogger,
    WandbModelCheckpoint,
    WandbModelFlops,
    WandbModelGraph,
    WandbParameterHistograms,
    WandbPredictionImages,
    WandbPredictionTable,
)


class WandbCallback(Legacy):
    pass


__all__ = [
    "WandbBestMetric", "WandbBestModel", "WandbCallback", "WandbCallbackList",
    "WandbEvalCallback", "WandbGradientHistograms", "WandbMetricsLogger", "WandbModelCheckpoint",
    "WandbModelFlops", "WandbModelGraph", "WandbParameterHistograms", "WandbPredictionImages",
    "WandbPredictionTable",
]  # fmt: skip
