"""Install a lock file and the toolkit itself into the environment this Python belongs to."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: JupyterLab would ask about news, and look for updates on the network.
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}


def pip(*arguments: str) -> None:
    """Run pip; stop with its exit code where it fails."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*command, *arguments], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"pip could not install {arguments[-1]}; its message stands above")


def main(lock: str) -> None:
    """Install the pins of `lock` (no resolving, hashes checked), then the toolkit, editable."""
    print(f"Installing the packages of {lock} (a minute or two the first time)", flush=True)
    pip("--no-deps", "-r", lock)
    pip("--no-deps", "-e", ".")
    settings = Path(sys.prefix, "share", "jupyter", "lab", "settings")
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET, indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
