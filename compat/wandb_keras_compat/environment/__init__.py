"""Which Keras, backend and wandb are here, which release changed what, what is tested."""

from .detection import (
    KERAS_2,
    KERAS_3,
    TF_KERAS,
    TF_KERAS_2,
    Environment,
    Keras,
    Wandb,
    detect,
)

__all__ = [
    "KERAS_2",
    "KERAS_3",
    "TF_KERAS",
    "TF_KERAS_2",
    "Environment",
    "Keras",
    "Wandb",
    "detect",
]
