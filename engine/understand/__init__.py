"""What a person typed, in Chinese or English, into symptoms and facts."""

from __future__ import annotations

from .hear import understand
from .heard import Heard

__all__ = ["Heard", "understand"]
