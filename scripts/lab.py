"""Open JupyterLab on the start notebook; without a display, print the address to open."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def arguments() -> list[str]:
    """Arguments for ``jupyter lab`` on this machine; Jupyter's own token stays on."""
    found = [
        f"--ServerApp.root_dir={ROOT}",
        "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        *sys.argv[1:],
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        found.append("--allow-root")
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if os.environ.get("SSH_CONNECTION") or (sys.platform.startswith("linux") and not display):
        found.append("--no-browser")
        print(
            "No display here: open the address that JupyterLab prints below. Over ssh, forward "
            "its port first, for example: ssh -L 8888:localhost:8888 HOST",
            flush=True,
        )
    return found


if __name__ == "__main__":
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *arguments()])
