"""A training for the online tests: everything that is uploaded, and what comes back."""

from __future__ import annotations

import importlib
import json
import sys

import numpy as np
import wandb

from wandb_keras_compat import WandbCallback, WandbEvalCallback, detect

EPOCHS, CLASSES = 2, ["a", "b", "c"]

module, _, tail = detect().callbacks_on.module.partition(".")
keras = importlib.import_module(module)
keras = getattr(keras, tail) if tail else keras

random = np.random.RandomState(0)
x, y = random.rand(12, 8, 8, 1).astype("float32"), random.randint(0, 3, 12)


class Pictures(WandbEvalCallback):
    """As the documentation shows it."""

    def __init__(self):
        super().__init__(["index", "picture", "label"], ["epoch", "index", "picture", "predicted"])
        self.returned = {}

    def add_ground_truth(self, logs=None):
        for index, (picture, label) in enumerate(zip(x[:4], y)):
            self.data_table.add_data(index, wandb.Image(picture * 255), int(label))

    def add_model_predictions(self, epoch, logs=None):
        table = self.data_table_ref
        self.returned = {
            "from the server": table is not self.data_table,
            "rows": len(table.data),
        }
        for index in table.get_index():
            predicted = self.model.predict(x[index : index + 1], verbose=0).argmax()
            self.pred_table.add_data(epoch, *table.data[index][:2], int(predicted))


def build():
    model = keras.Sequential(
        [
            keras.layers.Input((8, 8, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax", name="out"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(options):
    run = wandb.init(project="p", name="named", config={"lr": 0.1}, **options)
    pictures = Pictures()
    legacy = WandbCallback(
        validation_data=(x, y), labels=CLASSES, log_evaluation=True, log_weights=True
    )
    legacy_best = legacy.best
    history = build().fit(
        x, y, validation_data=(x, y), epochs=EPOCHS, verbose=0, callbacks=[pictures, legacy]
    )
    told = {
        "id": run.id,
        "first best": legacy_best,
        "best": legacy.best,
        "history": {k: [float(v) for v in values] for k, values in history.history.items()},
        **pictures.returned,
    }
    wandb.finish()
    print(json.dumps(told, default=str))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]) if sys.argv[1:] else {})
