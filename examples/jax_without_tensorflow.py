# Train with Keras 3 on JAX: metrics, gradients and checkpoints, and TensorFlow is not installed.
import os

os.environ["KERAS_BACKEND"] = "jax"  # before Keras is imported

import keras
import wandb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from wandb_keras_compat import (
    WandbGradientHistograms,
    WandbMetricsLogger,
    WandbModelCheckpoint,
)

keras.utils.set_random_seed(0)
wandb.init(project="digits-jax", name="jax", config={"hidden": 32, "epochs": 2})

x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.25, random_state=0)

model = keras.Sequential(
    [
        keras.layers.Input(shape=(64,)),
        keras.layers.Dense(wandb.config.hidden, activation="relu", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="digits"),
    ]
)
schedule = keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=43, decay_rate=0.9)
model.compile(
    keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", metrics=["accuracy"]
)
model.fit(
    x_train,
    y_train,
    epochs=wandb.config.epochs,
    validation_data=(x_val, y_val),
    callbacks=[
        WandbGradientHistograms((x_train, y_train)),  # stands before the logger: one row an epoch
        WandbMetricsLogger(log_freq=10),
        WandbModelCheckpoint("digits.keras", monitor="val_loss", save_best_only=True),
    ],
)
wandb.finish()
