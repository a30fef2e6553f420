"""The gate repeats what it draws: with DIFFERENTIAL_SEED every random test takes the same examples."""

from __future__ import annotations

import os

if "DIFFERENTIAL_SEED" in os.environ:  # the night draws others
    from hypothesis import settings

    settings.register_profile("repeated", derandomize=True)
    settings.load_profile("repeated")
