"""The benchmark's bounds: 2,000 panels in 20 s besides the server's time, memory flat."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_2000_panels_are_quick_and_take_no_memory(capsys):
    script = runpy.run_path(str(ROOT / "benchmarks" / "dashboards.py"))
    assert script["PANELS"] == 2_000
    assert (script["SECONDS"], script["GROWTH"]) == (20, 1.5)
    assert script["main"]() == 0
    assert "2,000 panels in 20 views" in capsys.readouterr().out
