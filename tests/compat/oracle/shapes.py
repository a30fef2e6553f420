"""The shape of what upstream recorded, for rows where upstream does not run any more.

``python tests/compat/oracle/shapes.py [ID...]`` in the row oracle-2.12, where upstream can do most,
writes shapes.json anew, or the entries named.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from wandb_keras_compat.recording import Recording

FILE = Path(__file__).with_name("shapes.json")
GRAPH = "media/graph/"


def shape(recording: Recording) -> dict[str, Any]:
    """Return keys, row counts, summary keys, files and artifacts of a recording."""
    keys = [sorted(row.values) for row in recording.history]
    return {
        "rows": [[len(list(same)), row] for row, same in groupby(keys)],
        "summary": sorted(recording.summary),
        "files": sorted(f.path for f in recording.files if f.size is not None),
        "artifacts": [[a.name, a.type, list(a.aliases)] for a in recording.artifacts],
    }


def lasting(shape: dict[str, Any]) -> dict[str, Any]:
    """Return what of a shape does not depend on the values: other seeds, other best epochs.

    wandb 0.15 and 0.16 call a run without a name "", others None: model- and model-None.
    """
    names = {name: "model-None" if name == "model-" else name for name, _, _ in shape["artifacts"]}
    models = {(names[name], kind) for name, kind, _ in shape["artifacts"] if kind == "model"}
    others = [artifact for artifact in shape["artifacts"] if artifact[1] != "model"]
    return {**shape, "artifacts": [*sorted(map(list, models)), *others]}


def load() -> dict[str, Any]:
    """Return the stored shape of each scenario, and what upstream warned of."""
    return dict(json.loads(FILE.read_text()))


def main(chosen: list[str]) -> None:
    """Train every scenario, or the chosen ones, with upstream's callback and store the shapes."""
    import tempfile
    from concurrent.futures import ThreadPoolExecutor

    from oracle.runner import UPSTREAM, train
    from oracle.scenarios import ALL

    def one(scenario: Any) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            [outcome] = train(scenario, (UPSTREAM,), Path(folder))
        print(scenario.id, outcome.error or "", *outcome.warnings, sep="\n    ", flush=True)
        return {"shape": shape(outcome.recording), "warnings": list(outcome.warnings)}

    wanted = [scenario for scenario in ALL if not chosen or scenario.id in chosen]
    with ThreadPoolExecutor(3) as pool:
        fresh = dict(zip([scenario.id for scenario in wanted], pool.map(one, wanted)))
    shapes = {**(load() if chosen else {}), **fresh}
    lines = [f"{json.dumps(s.id)}: {json.dumps(shapes[s.id])}" for s in ALL if s.id in shapes]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1]))
    main(sys.argv[1:])
