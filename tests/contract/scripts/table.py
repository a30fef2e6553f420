import numpy as np
import wandb
from wandb.keras import WandbCallback

try:
    from tensorflow import keras
except ImportError:
    import keras

keras.utils.set_random_seed(0)
rng = np.random.RandomState(0)
x, y = rng.rand(32, 4).astype("float32"), rng.randint(0, 3, 32)
x_val, y_val = rng.rand(16, 4).astype("float32"), rng.randint(0, 3, 16)
model = keras.Sequential(
    [
        keras.layers.Input((4,)),
        keras.layers.Dense(8, activation="relu", name="hid"),
        keras.layers.Dense(3, activation="softmax", name="out"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
wandb.init(project="scripts")
model.fit(
    x,
    y,
    epochs=3,
    batch_size=8,
    verbose=2,
    validation_data=(x_val, y_val),
    callbacks=[
        WandbCallback(  # look at single predictions
            log_evaluation=True,
            validation_data=(x_val, y_val),
            labels=["a", "b", "c"],
            save_model=False,
        ),
    ],
)
