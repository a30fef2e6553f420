"""Run ``wandb-keras-migrate`` as ``python -m wandb_keras_codemods``."""

from __future__ import annotations

import sys

from wandb_keras_codemods.cli import main

if __name__ == "__main__":
    sys.exit(main())
