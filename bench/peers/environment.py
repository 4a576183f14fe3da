"""An environment of their own for the peers, outside the checkout: made once, used again while the versions are the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import platformdirs

__all__ = ["EnvironmentFailure", "default_folder", "prepare"]

NO_NETWORK = re.compile(
    r"dns|name resolution|network|connect|timed out|unreachable|failed to (?:fetch|download)|offline|max retries|proxy", re.IGNORECASE
)
"""What uv and pip say when they cannot reach the index."""

INSTALLED = """
import importlib.metadata, json, sys
print(json.dumps({d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions()}))
"""


class EnvironmentFailure(Exception):  # noqa: N818 - "EnvironmentError" is a builtin and means something else
    """The peers cannot be installed; one line for the user."""


def default_folder(pins: Mapping[str, str]) -> Path:
    """A folder in the user's cache, named after the versions."""
    name = "-".join(f"{package}{version}" for package, version in sorted(pins.items()))
    return platformdirs.user_cache_path("lossclinic") / "peers" / f"py{sys.version_info.major}.{sys.version_info.minor}-{name}"


def prepare(folder: Path, pins: Mapping[str, str]) -> Path:
    """The Python of an environment in `folder` that has exactly the versions `pins`; installs what is missing.

    Raises `EnvironmentFailure` when that cannot be done, in one line that says whether it is the network.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _has(python, pins):
        return python
    print(f"installing {', '.join(f'{name} {version}' for name, version in pins.items())} into {folder}", file=sys.stderr, flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    uv = os.environ.get("UV") or shutil.which("uv")
    wanted = [f"{name}=={version}" for name, version in pins.items()]
    if not python.exists():
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)] if uv else [sys.executable, "-m", "venv", str(folder)], folder)
    _run([uv, "pip", "install", "--quiet", "--python", str(python), *wanted] if uv else [str(python), "-m", "pip", "install", "-q", *wanted], folder)
    if not _has(python, pins):
        raise EnvironmentFailure(f"{folder}: the installation went through, but the versions are not there; remove the folder and try again")
    return python


def _has(python: Path, pins: Mapping[str, str]) -> bool:
    if not python.exists():
        return False
    done = subprocess.run([str(python), "-I", "-c", INSTALLED], capture_output=True, text=True, check=False)
    return done.returncode == 0 and pins.items() <= json.loads(done.stdout).items()


def _run(command: list[str], folder: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent, env=environment)
    if done.returncode == 0:
        return
    said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
    if NO_NETWORK.search(said):
        raise EnvironmentFailure(f"no network: the peers come from PyPI and are not yet in {folder}; go online once, or give --env DIR that has them")
    raise EnvironmentFailure(f"the peers cannot be installed into {folder}: {said[-300:]}")
