"""Where the screens keep what belongs to the user: settings, recorded consultations, what was copied or exported."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["config_file", "data_folder", "records_folder"]


def config_file() -> Path:
    """The settings: `$LOSSCLINIC_HOME/config.toml`, or `config.toml` in the user's configuration directory."""
    if home := os.environ.get("LOSSCLINIC_HOME"):
        return Path(home) / "config.toml"
    import platformdirs

    return Path(platformdirs.user_config_dir("lossclinic", appauthor=False)) / "config.toml"


def data_folder() -> Path:
    """What is kept: `$LOSSCLINIC_HOME`, or the user's data directory."""
    if home := os.environ.get("LOSSCLINIC_HOME"):
        return Path(home)
    import platformdirs

    return Path(platformdirs.user_data_dir("lossclinic", appauthor=False))


def records_folder() -> Path:
    """One file a consultation."""
    return data_folder() / "sessions"
