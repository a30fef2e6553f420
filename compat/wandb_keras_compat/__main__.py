"""``python -m wandb_keras_compat``: the command ``wandb-keras-compat``."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
