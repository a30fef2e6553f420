"""A TensorFlow that holds the stub Keras."""

import sys

import keras

sys.modules[f"{__name__}.keras"] = keras
for _name in ("callbacks", "models", "layers"):
    sys.modules[f"{__name__}.keras.{_name}"] = getattr(keras, _name)

__version__ = "2.20.0"
