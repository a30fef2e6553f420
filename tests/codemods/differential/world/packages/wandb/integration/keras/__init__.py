"""The trio, and the legacy callback while wandb had it."""

from stub_parts import Legacy as _Legacy
from stub_parts import WandbEvalCallback, WandbModelCheckpoint
from stub_parts import WandbMetricsLogger as _Logger

import wandb


class WandbMetricsLogger(_Logger):
    def __init__(self, log_freq="epoch", initial_global_step=0):
        super().__init__(log_freq, initial_global_step)


__all__ = ["WandbEvalCallback", "WandbMetricsLogger", "WandbModelCheckpoint"]

if wandb.OLD:

    class WandbCallback(_Legacy):
        pass

    __all__ += ["WandbCallback"]
