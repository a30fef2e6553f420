"""Where the legacy names lived and where their replacements live."""

from __future__ import annotations

CLASS = "WandbCallback"
OF_2018 = "wandb.wandb_keras"
OLD_MODULES = frozenset({"wandb.keras", OF_2018})  # gone since wandb 0.17.0 and 0.8
UPSTREAM = "wandb.integration.keras"
COMPAT = "wandb_keras_compat"
MODULES = OLD_MODULES | {UPSTREAM}

LEGACY = frozenset(
    {
        "wandb.keras.WandbCallback",
        "wandb.integration.keras.WandbCallback",
        "wandb.integration.keras.keras.WandbCallback",
        "wandb.wandb_keras.WandbCallback",
        "wandb.wandb_keras.WandbKerasCallback",
        "wandb.wandb_keras.WandBKerasCallback",
        "wandb.keras.WandbKerasCallback",
        "wandb.keras.WandBKerasCallback",
    }
)
# ours, which does the same: where the migration of the import alone leaves a program
OURS = frozenset({f"{COMPAT}.{CLASS}", f"{COMPAT}.legacy.{CLASS}"})
OUR_MODULES = frozenset({COMPAT, f"{COMPAT}.legacy"})
CLASS_NAMES = frozenset(name.rsplit(".", 1)[1] for name in LEGACY)
TRIO = frozenset({"WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"})
LOGGERS = frozenset(f"{home}.WandbMetricsLogger" for home in (*MODULES, COMPAT))

HOMES = {"wandb": UPSTREAM, "compat": COMPAT, "shim": COMPAT}


def is_legacy(names: frozenset[str]) -> bool:
    """Tell whether an expression is the legacy class whichever way the program went."""
    return bool(names) and names <= LEGACY | OURS
