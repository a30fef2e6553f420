"""Programs at random do the same after their migration.

``DIFFERENTIAL_PROGRAMS`` says how many (2,000), ``DIFFERENTIAL_SEED`` repeats those of a seed.
"""

from __future__ import annotations

import os
import random
from collections import Counter

from generator import programs
from harness import check, seldom
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

COUNT = int(os.environ.get("DIFFERENTIAL_PROGRAMS", "2000"))
SEED = int(os.environ.get("DIFFERENTIAL_SEED", "0")) or random.randrange(1, 2**32)
# what the generator is worth: how constructions are migrated that target compat was asked for
LEAST_SHARE = 0.15
SHARES: Counter[str] = Counter()


@seed(SEED)
@settings(
    max_examples=COUNT,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    programs(),
    st.sampled_from(["compat", "compat", "compat", "wandb", "wandb", "shim"]),
    st.booleans(),
)
def test_it_does_the_same(program, target, tree):
    note(f"DIFFERENTIAL_SEED={SEED}")
    migration = check(program, target, tree=tree, again=seldom(program))
    if target == "compat" and migration.run is not None:
        SHARES["programs"] += 1
        forms = migration.run.forms
        SHARES.update(form for form, count in forms.items() if count)


def test_it_shows_all_ways_of_migrating():
    shares = {form: SHARES[form] / SHARES["programs"] for form in ("parts", "one", "kept")}
    assert min(shares.values()) >= LEAST_SHARE, f"{shares}, DIFFERENTIAL_SEED={SEED}"
