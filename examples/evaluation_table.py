# Log a table of handwritten digits: the pictures once, the predictions after every epoch.
import random

import numpy as np
import wandb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from wandb_keras_compat import WandbEvalCallback, WandbMetricsLogger

try:
    from tensorflow import keras
except ImportError:
    import keras

random.seed(0)
np.random.seed(0)


class DigitsTable(WandbEvalCallback):
    """Show how the prediction for each picture changes from epoch to epoch."""

    def __init__(self, pictures, digits):
        super().__init__(
            data_table_columns=["row", "picture", "digit"],
            pred_table_columns=["epoch", "row", "picture", "digit", "prediction", "confidence"],
        )
        self.pictures, self.digits = pictures, digits

    def add_ground_truth(self, logs=None):
        for row, (picture, digit) in enumerate(zip(self.pictures, self.digits)):
            image = wandb.Image((255 * picture.reshape(8, 8)).astype("uint8"))
            self.data_table.add_data(row, image, int(digit))

    def add_model_predictions(self, epoch, logs=None):
        shares = self.model.predict(self.pictures, verbose=0)
        # the reference: online the pictures are not uploaded once more
        for cells, share in zip(self.data_table_ref.data, shares):
            self.pred_table.add_data(epoch, *cells, int(share.argmax()), float(share.max()))


wandb.init(project="digits-table", name="table", config={"hidden": 32, "epochs": 2})

x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.25, random_state=0)

model = keras.Sequential(
    [
        keras.layers.Input(shape=(64,)),
        keras.layers.Dense(wandb.config.hidden, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    x_train,
    y_train,
    epochs=wandb.config.epochs,
    validation_data=(x_val, y_val),
    callbacks=[WandbMetricsLogger(), DigitsTable(x_val[:25], y_val[:25])],
)
wandb.finish()
