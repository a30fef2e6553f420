"""Judge the records of the support table: what W&B's classes, and ours, do with each feature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

WORKS, DEVIATES, DIFFERS, SILENT, CANNOT = "works", "deviates", "differs", "silent", "cannot"

# name, as in the table of docs/deviations.md -> the differences from W&B that it explains
EXPLAINS = {
    "best-alias": r"only ours: alias of run_<RUN_ID>_model: best",
    "file-or-nothing": r"only (W&B's|ours): \d versions? of run_<RUN_ID>_model",
    "loadable-artifact": r"only W&B's: artifact model-None \(model\): SavedModel"
    r"|only ours: artifact model-None \(model\): model-best\.keras|only ours: file model-best\.h5",
    "path-for-keras-3": r"only W&B's: artifact run_<RUN_ID>_model \(model\): SavedModel"
    r"|only ours: artifact run_<RUN_ID>_model \(model\): m\.keras",
}


@dataclass(frozen=True)
class Verdict:
    """What became of a feature.

    Args:
        result: ``"works"``; ``"deviates"``: works with listed deviations; ``"differs"``: something
            else was recorded; ``"silent"``: it ran, recorded nothing of the feature and did not say
            so; ``"cannot"``.
        why: The deviations, the differences, what is missing, or the error.
    """

    result: str
    why: str = ""


def alone(seen: Mapping[str, Any], feature: Any) -> Verdict:
    """Judge a side by itself: it ends without an error and records what the feature is about."""
    if seen["error"]:
        return Verdict(CANNOT, seen["error"])
    missing = [p for p in feature.shows if not _matching(p, seen["facts"])]
    if missing and seen["warnings"]:
        return Verdict(CANNOT, seen["warnings"][0])
    if missing:
        return Verdict(SILENT, f"not recorded: {', '.join(map(_plain, missing))}")
    wrong = [fact for pattern in feature.never for fact in _matching(pattern, seen["facts"])]
    return Verdict(DIFFERS, ", ".join(wrong)) if wrong else Verdict(WORKS)


def beside(ours: Mapping[str, Any], upstream: Mapping[str, Any] | None, feature: Any) -> Verdict:
    """Judge ours: by itself, and beside what W&B's classes recorded where they could."""
    verdict = alone(ours, feature)
    if verdict.result != WORKS or upstream is None:
        return verdict
    mine, theirs = (set(map(_lasting, side["facts"])) for side in (ours, upstream))
    differences = [f"only W&B's: {fact}" for fact in sorted(theirs - mine)]
    differences += [f"only ours: {fact}" for fact in sorted(mine - theirs)]
    explained = {
        d: name for d in differences for name in feature.deviates if re.fullmatch(EXPLAINS[name], d)
    }
    unexplained = [d for d in differences if d not in explained]
    if unexplained:
        return Verdict(DIFFERS, "; ".join(unexplained))
    names = sorted(set(explained.values()))
    return Verdict(DEVIATES, ", ".join(names)) if names else verdict


def verdicts(
    records: Sequence[Mapping[str, Any]], features: Sequence[Any], oracles: Sequence[str]
) -> dict[tuple[str, str], tuple[Verdict, Verdict]]:
    """Return W&B's verdict and ours by row and feature.

    Ours is held to the first record in which W&B's classes recorded the feature, those of the rows
    ``oracles`` before all others.
    """
    ordered = sorted(records, key=lambda record: record["row"] not in oracles)
    found = {}
    for feature in features:
        sides = {record["row"]: record["features"][feature.id] for record in ordered}
        upstream = {row: alone(side["upstream"], feature) for row, side in sides.items()}
        ran = [row for row in sides if upstream[row].result in (WORKS, DIFFERS)]
        reference = sides[ran[0]]["upstream"] if ran and _comparable(feature) else None
        for row, side in sides.items():
            found[row, feature.id] = upstream[row], beside(side["ours"], reference, feature)
    return found


def _comparable(feature: Any) -> bool:
    """Whether both sides run the same: W&B's and our migrated script are not the same script."""
    return not isinstance(feature.training, tuple) or len(set(feature.training)) == 1


def _matching(pattern: str, facts: Sequence[str]) -> list[str]:
    return [fact for fact in facts if re.fullmatch(pattern, fact)]


def _lasting(fact: str) -> str:
    """Return a fact without the files that W&B's releases lay out differently inside a table."""
    return re.sub(r"media/[^,]*, ", "", fact)


def _plain(pattern: str) -> str:
    """Return a pattern as people read it."""
    text = re.sub(r"\(([\w ]+/)\)\?", "", pattern.replace(r"\(", "<").replace(r"\)", ">"))
    text = re.sub(r": (\.\*|\\d\+? rows?)$", "", text).replace(r"\w*", "").replace(".*", "...")
    return text.replace("<model>", "(model)").replace("<run_table>", "(run_table)")
