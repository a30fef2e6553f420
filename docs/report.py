"""The HTML report that the site shows: the command makes it of a small project."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent / "assets" / "report.html"
EXAMPLES = Path(__file__).parents[1] / "examples"
PROJECT = {
    "train.py": (EXAMPLES / "legacy_mlp.py").read_text(encoding="utf-8"),
    "experiments/segment.py": """\
import wandb
from wandb.keras import WandbCallback

wandb.init(project="segmentation")
model.compile(optimizer="adam", loss="mse", metrics=["auc"])
model.fit(
    x_train,
    y_train,
    validation_data=(x_val, y_val),
    callbacks=[
        WandbCallback(
            monitor="val_auc",
            log_weights=True,
            log_gradients=True,
            training_data=(x_train, y_train),
        )
    ],
)
print(wandb.run.summary["best_val_auc"])
""",
    "experiments/factory.py": """\
from wandb.keras import WandbCallback


def callback(**options):
    return WandbCallback(
        monitor="val_loss",
        **options,
    )


class Quiet(WandbCallback):
    def on_epoch_begin(self, epoch, logs=None):
        pass
""",
    "experiments/tuning.py": """\
from wandb.keras import WandbCallback


def callback(**options):
    return WandbCallback(
        monitor="val_loss",
        **options,
    )
""",
    "experiments/of_2017.py": "from wandb.keras import WandbCallback\nprint 'loss'\n",
    "sweep.yaml": """\
program: train.py
method: bayes
metric:
  name: val_loss
  goal: minimize
parameters:
  hidden:
    values: [16, 32]
""",
    "requirements.txt": "tensorflow\nwandb<0.17\n",
    "README.md": """\
# Training

```python
from wandb.keras import WandbCallback
```
""",
}


def page() -> str:
    """Return what ``wandb-keras-migrate . --target wandb --report report.html`` writes there."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in PROJECT.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        options = [".", "--target", "wandb", "--report", "report.html", "--quiet"]
        subprocess.run(
            [sys.executable, "-m", "wandb_keras_codemods", *options],
            cwd=folder,
            check=False,  # its status tells that something is left
            capture_output=True,
        )
        return Path(folder, "report.html").read_text(encoding="utf-8")
