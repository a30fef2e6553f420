# Classify handwritten digits: a training script as people wrote it when wandb.keras was there.
import random

import numpy as np
import wandb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from wandb_keras_compat import WandbBestMetric, WandbBestModel, WandbMetricsLogger, WandbModelGraph

try:
    from tensorflow import keras
except ImportError:
    import keras

random.seed(0)
np.random.seed(0)
if hasattr(keras.utils, "set_random_seed"):  # TensorFlow 2.7 and later
    keras.utils.set_random_seed(0)

run = wandb.init(
    project="legacy-mlp",
    name="mlp",
    config={"hidden": 32, "learning_rate": 0.01, "batch_size": 32, "epochs": 3},
)
config = run.config

x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.25, random_state=0)

model = keras.Sequential(
    [
        keras.layers.Input(shape=(64,)),
        keras.layers.Dense(config.hidden, activation="relu", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="digits"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=config.learning_rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(
    x_train,
    y_train,
    epochs=config.epochs,
    batch_size=config.batch_size,
    validation_data=(x_val, y_val),
    callbacks=[
        WandbModelGraph(),
        WandbMetricsLogger(key_style="legacy"),
        WandbBestMetric("val_loss", mode="min"),
        WandbBestModel("val_loss", mode="min"),
    ],
)
