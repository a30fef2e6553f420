"""Draw README's picture: what the codemod prints of the bundled script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = Path(__file__).parent / "assets" / "targets.svg"
COMMAND = ("wandb-keras-migrate", "examples/legacy_mlp.py")
COLUMNS = 110


def printed() -> str:
    """Return what the command prints to a terminal, colours included."""
    program = Path(sys.executable).with_name(COMMAND[0])
    terminal = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        [program, *COMMAND[1:]],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **terminal},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def picture(text: str) -> str:
    """Return the picture as SVG."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=StringIO(), color_system="truecolor")
    console.print(Text(f"$ {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(text))
    return console.export_svg(title=COMMAND[0], unique_id="targets")


if __name__ == "__main__":
    PICTURE.write_text(picture(printed()), encoding="utf-8")
