"""From an id to its page."""

from __future__ import annotations

from collections.abc import Callable

from .blocks import Sheet
from .causes import cause_sheet
from .composer import Composer
from .entries import fact_sheet, fix_sheet, playbook_sheet, rule_sheet, symptom_sheet
from .ledger import claim_sheet

__all__ = ["PAGES", "sheet"]

PAGES: dict[str, Callable[[Composer, str], Sheet]] = {
    "causes": cause_sheet,
    "symptoms": symptom_sheet,
    "playbooks": playbook_sheet,
    "fixes": fix_sheet,
    "facts": fact_sheet,
    "rules": rule_sheet,
    "claims": claim_sheet,
}
"""Kinds whose entries have a page each, and who composes it."""


def sheet(compose: Composer, kind: str, id: str) -> Sheet:
    """The page of an entry; KeyError when there is none."""
    return PAGES[kind](compose, id)
