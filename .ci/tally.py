"""Add up the results of all sessions and print one closing line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Sequence
from xml.etree import ElementTree


def count(session: str, status: int, results: Path) -> tuple[int, int, int]:
    """Return how many tests of a session passed, failed and were skipped.

    A session without test results counts as one test, passed if it ended with status 0; one that
    fails although none of its tests did counts as one more failure.
    """
    report = results / f"{session}.xml"
    if not report.exists():
        return (1, 0, 0) if status == 0 else (0, 1, 0)
    total = failed = skipped = 0
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    passed = max(0, total - failed - skipped)
    return passed, failed or int(status != 0), skipped


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each session and the sum; the status is 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="folder of SESSION.status and SESSION.xml files")
    parser.add_argument("sessions", nargs="+", help="every session that had to run")
    options = parser.parse_args(argv)
    sums = [0, 0, 0]
    for session in options.sessions:
        status_file = options.results / f"{session}.status"
        status, seconds = -1, "?"
        if status_file.exists():
            first, seconds = status_file.read_text().split()
            status = int(first)
        counts = count(session, status, options.results)
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        verdict = "ok" if status == 0 else f"FAILED (status {status})"
        numbers = "{} passed, {} failed, {} skipped".format(*counts)
        print(f"== {session:28} {verdict:20} {seconds:>5} s   {numbers}")
    print("{} passed, {} failed, {} skipped".format(*sums))
    return int(sums[1] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
