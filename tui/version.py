"""`--version`."""

from __future__ import annotations

from .. import __version__

__all__ = ["version_line"]


def version_line() -> str:
    """Name and version, as packagers and bug reports want it."""
    return f"lossclinic {__version__}"
