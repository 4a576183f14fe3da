"""mapping.yaml as data: what a tool reads, which severities warn, and what its findings mean in our families."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

__all__ = ["MAPPING", "Finding", "Tool", "UnmappedError", "load"]

MAPPING = Path(__file__).with_name("mapping.yaml")


class UnmappedError(Exception):
    """A tool reported something that mapping.yaml does not list."""


@dataclass(frozen=True)
class Finding:
    """One thing that a tool reported, in its own words."""

    id: str
    metric: str
    severity: str


@dataclass(frozen=True)
class Tool:
    """One row of the table."""

    name: str
    version: str | None
    """The version to install; None for the checkout."""
    warns: frozenset[str]
    """Severities that count as a warning or worse."""
    columns: dict[str, str]
    """Our name of a column -> the name that this tool documents for it."""
    findings: dict[str, tuple[str, ...]]
    """Finding, or finding@metric -> families that it may mean, the literal one first; none for a finding that names no symptom."""

    def families(self, finding: Finding) -> tuple[str, ...]:
        """What `finding` means. Raises `UnmappedError` when the mapping does not say."""
        for key in (f"{finding.id}@{finding.metric}", finding.id):
            if key in self.findings:
                return self.findings[key]
        raise UnmappedError(f'{MAPPING.name}: {self.name} reports "{finding.id}" in "{finding.metric}", which is not listed; add what it means')

    def seen(self, findings: list[Finding], truth: frozenset[str]) -> frozenset[str]:
        """The families that `findings` name in a run with the families `truth`: of a finding that may mean several, those that are true."""
        meant = [families for finding in findings if (families := self.families(finding))]
        return frozenset(family for families in meant for family in (truth.intersection(families) or families[:1]))


def load(path: Path = MAPPING) -> tuple[dict[str, str], list[Tool]]:
    """Our symptom -> its family, and the tools in the order of the file."""
    data = yaml.safe_load(path.read_text("utf-8"))
    family_of = {symptom: family for family, symptoms in data["families"].items() for symptom in symptoms}
    ours = {symptom: (family,) for symptom, family in family_of.items()}
    tools = [
        Tool(name, row["version"], frozenset(row["warns"]), row["columns"], {k: _tuple(v) for k, v in row["findings"].items()} or ours)
        for name, row in data["tools"].items()
    ]
    unknown = {family for tool in tools for families in tool.findings.values() for family in families} - set(data["families"])
    if unknown:
        raise UnmappedError(f"{path.name}: unknown family {', '.join(sorted(unknown))}")
    return family_of, tools


def _tuple(value: str | list[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
