"""Under `run --offline` nothing leaves the machine, whatever a script says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from wandb_keras_compat.recording import read

pytestmark = pytest.mark.skipif(find_spec("wandb") is None, reason="this environment has no wandb")


class Listener:
    """Stands where W&B's server would, and counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.close()


def environment(folder: Path, listener: Listener) -> dict[str, str]:
    names = ("DIR", "CACHE_DIR", "DATA_DIR", "CONFIG_DIR")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WANDB_")}
    return {
        **kept,
        **{f"WANDB_{name}": str(folder) for name in names},
        "HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
        "WANDB_API_KEY": "0" * 40,
        "WANDB_BASE_URL": listener.url,
        "WANDB_CONSOLE": "off",
        "WANDB_INIT_TIMEOUT": "5",
        "WANDB_SILENT": "true",
    }


ONLINE = "run = wandb.init(project='p', mode='online')\n"
LOG = "run.log({'loss': 1.0})\nrun.finish()\n"
# name -> how a script asks for W&B's server, and what is said of it
SAYS = {
    "argument": ("import wandb\n" + ONLINE, "mode='online'"),
    "imported function": (
        "from wandb import init\nrun = init(project='p', mode='online')\n",
        "mode='online'",
    ),
    "environment": (
        "import os, wandb\nos.environ['WANDB_MODE'] = 'online'\nrun = wandb.init(project='p')\n",
        "WANDB_MODE=online",
    ),
    "environment before the import": (
        "import os\nos.environ['WANDB_MODE'] = 'online'\nimport wandb\n"
        "run = wandb.init(project='p')\n",
        "WANDB_MODE=online",
    ),
    "environment without": (
        "import os, wandb\ndel os.environ['WANDB_MODE']\nrun = wandb.init(project='p')\n",
        "WANDB_MODE=online",
    ),
    "settings": (
        "import wandb\nrun = wandb.init(project='p', settings={'mode': 'online'})\n",
        "mode='online' in settings",
    ),
    "settings object": (
        "import wandb\nrun = wandb.init(project='p', settings=wandb.Settings(mode='online'))\n",
        "",
    ),
    "login": ("import wandb\nwandb.login(key='0' * 40)\n" + ONLINE, "mode='online'"),
    "child": (
        "import subprocess, sys\n"
        f"code = {'import wandb; ' + ONLINE + LOG!r}\n"
        "subprocess.run([sys.executable, '-c', code], check=True)\n",
        "mode='online'",
    ),
    "offline itself": ("import wandb\nrun = wandb.init(project='p', mode='offline')\n", None),
    "nothing": ("import wandb\nrun = wandb.init(project='p')\n", None),
    "other settings": (
        "import wandb\nrun = wandb.init(project='p', settings=wandb.Settings(silent=True))\n",
        None,
    ),
}


@pytest.mark.parametrize("way", SAYS)
def test_nothing_is_sent_and_one_line_says_so(way: str, listener: Listener, tmp_path: Path) -> None:
    script, said = SAYS[way]
    (tmp_path / "train.py").write_text(script + (LOG if way != "child" else ""))
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "run", "--offline", "train.py"],
        cwd=tmp_path, env=environment(tmp_path, listener), capture_output=True, text=True,
        timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert listener.visits == 0
    recording = read(str(tmp_path), wait=30)
    assert [row.values["loss"] for row in recording.history] == [1.0]
    lines = [line for line in done.stderr.splitlines() if line.startswith("wandb-keras-compat")]
    if said is None:
        assert lines == []
    elif said:
        assert lines == [
            f"wandb-keras-compat: the script says {said}; with --offline the run is recorded on"
            " disk only."
        ]
    else:  # releases before 0.19 do not tell what was set from what is the default
        assert len(lines) <= 1


def test_a_disabled_run_stays_disabled(listener: Listener, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import wandb\nrun = wandb.init(mode='disabled')\nrun.log({'a': 1})\nrun.finish()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "run", "--offline", "train.py"],
        cwd=tmp_path, env=environment(tmp_path, listener), capture_output=True, text=True,
        timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the script says" not in done.stderr
    assert not list(tmp_path.rglob("*.wandb"))


@pytest.mark.parametrize("call", ["Api()", "sweep({}, project='p')", "agent('s', project='p')"])
def test_what_needs_the_server_is_refused(call: str, listener: Listener, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(f"import wandb\nwandb.{call}\n")
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "run", "--offline", "train.py"],
        cwd=tmp_path, env=environment(tmp_path, listener), capture_output=True, text=True,
        timeout=200,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"wandb.{call.partition('(')[0]} needs W&B's server" in done.stderr.splitlines()[-1]
    assert listener.visits == 0


def test_without_the_option_the_listener_is_asked(listener: Listener, tmp_path: Path) -> None:
    """The tests above would see it if something were sent."""
    (tmp_path / "train.py").write_text("import wandb\n" + ONLINE)
    process = subprocess.Popen(
        [sys.executable, "-m", "wandb_keras_compat", "run", "train.py"],
        cwd=tmp_path, env=environment(tmp_path, listener),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not listener.visits and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert listener.visits
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
