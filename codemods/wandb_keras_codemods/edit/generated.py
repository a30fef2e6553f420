"""The evaluation callback that target ``wandb`` writes into a file that needs one."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.plan.parts import GENERATED

_TEXT = '''\
class {name}(WandbEvalCallback):
    """Log a table of validation inputs, targets and predictions."""

    def __init__(self, validation_data, labels=None, images=False, rows=None, frequency=0):
        super().__init__(
            data_table_columns=["index", "input", "target"],
            pred_table_columns=["epoch", "index", "input", "target", "prediction"],
        )
        self.validation_data, self.rows = validation_data, rows
        self.labels, self.images = labels, images
        self.frequency, self.due = frequency, False  # 0: at the end of the training

    def on_epoch_end(self, epoch, logs=None):
        self.epoch, self.due = epoch, not self.frequency or epoch % self.frequency > 0
        if not self.due:
            super().on_epoch_end(epoch, logs)

    def on_train_end(self, logs=None):
        if self.due:
            super().on_epoch_end(self.epoch, logs)

    def read(self):
        data = self.validation_data
        if hasattr(data, "as_numpy_iterator"):  # a tf.data.Dataset
            data = data.as_numpy_iterator()
        if not isinstance(data, (tuple, list)):
            data = next(iter(data))  # the first batch stands for all
        self.inputs, self.targets = (values[: self.rows] for values in data[:2])

    def add_ground_truth(self, logs=None):
        self.read()
        for index, (value, target) in enumerate(zip(self.inputs, self.targets)):
            value = self.picture(value) if self.images else value
            self.data_table.add_data(index, value, self.label(target))

    def picture(self, value):
        import numpy as np
        from PIL import Image

        value = np.asarray(value)
        if value.min() < 0:
            value = (value - value.min()) / (np.ptp(value) or 1)
        if value.max() <= 1:  # W&B takes numbers as 0..255
            value = value * 255
        value = value.clip(0, 255).astype("uint8")
        return wandb.Image(Image.fromarray(value.squeeze() if value.ndim > 2 else value))

    def add_model_predictions(self, epoch, logs=None):
        outputs = self.model.predict(self.inputs, verbose=0)
        for row, output in zip(self.data_table_ref.data, outputs):
            self.pred_table.add_data(epoch, *row, self.label(output))

    def label(self, value):
        if self.labels is None:
            return value
        return self.labels[int(value.argmax() if value.size > 1 else round(value.item()))]

    def log_data_table(self, *args, **kwargs):
        if wandb.run.offline or wandb.run.disabled:  # only a run that is online can share it
            self.data_table_ref = self.data_table
        else:
            super().log_data_table(*args, **kwargs)
'''


def generated_class(wandb: str, base: str, blank: int) -> cst.BaseStatement:
    """Return the class as a statement.

    Args:
        wandb: What the file calls wandb.
        base: What the file calls WandbEvalCallback.
        blank: How many blank lines stand above it.
    """
    text = _TEXT.format(name=GENERATED).replace("(WandbEvalCallback)", f"({base})")
    text = text.replace("wandb.run", f"{wandb}.run").replace("wandb.Image", f"{wandb}.Image")
    statement = cst.parse_statement(text)
    return statement.with_changes(leading_lines=[cst.EmptyLine(indent=False)] * blank)
