"""`%load_ext wandb_keras_compat` puts the shim in place for a notebook, with our classes."""

from __future__ import annotations

import wandb_keras_compat
from wandb_keras_compat import shim


def test_the_extension_takes_ours_and_goes_again() -> None:
    assert not shim.installed()
    wandb_keras_compat.load_ipython_extension(None)
    try:
        assert shim.installed()
        assert shim._finder is not None
        assert shim._finder.prefer == "ours"
    finally:
        wandb_keras_compat.unload_ipython_extension(None)
    assert not shim.installed()
