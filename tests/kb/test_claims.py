"""Every claim of the sources has its place, and every disputed one its correction."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from lossclinic.kb import KnowledgeBase
from lossclinic.kb.lint.claims import coverage
from lossclinic.kb.lint.taxonomy import CONTRACT
from lossclinic.kb.source import Loader

SHARED = Path(__file__).parents[3] / "shared" / "contract"
beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the contract (../shared/contract) is not beside this checkout")


def load_shared(name: str) -> dict[str, object]:
    """A file of the contract."""
    data: dict[str, object] = yaml.load((SHARED / name).read_text("utf-8"), Loader=Loader)  # noqa: S506 - a safe loader
    return data


def test_every_claim_has_its_place(kb: KnowledgeBase) -> None:
    """I look up any claim of the sources and find the entry that carries it."""
    kinds = ("causes", "symptoms", "playbooks", "fixes", "facts", "rules")
    claims = {id: kb.claim(id) for id in kb.ids("claims")}
    found = coverage(claims, ((kind, id, kb.entry(kind, id)) for kind in kinds for id in kb.ids(kind)))
    assert len(claims) == 319
    assert found.homeless == []
    assert found.uncorrected == []
    assert found.unknown == {}


@beside
def test_our_list_of_claims_is_the_one_of_the_contract(kb: KnowledgeBase) -> None:
    """The claims that ship are those of the contract, with the same ones disputed."""
    shared = load_shared("claims.yaml")
    ids = {item["id"] for item in shared["claims"]}  # type: ignore[attr-defined]
    disputed = {id for item in shared["disputed"] for id in (item["claim"], *item.get("also", ()))}  # type: ignore[attr-defined]
    assert set(kb.ids("claims")) == ids
    assert {id for id in kb.ids("claims") if kb.claim(id).disputed} == disputed


@beside
def test_our_list_of_ids_is_the_one_of_the_contract() -> None:
    """The ids, types, values and efforts that the lint insists on are those that outside programs use."""
    shared = load_shared("taxonomy.yaml")
    causes: dict[str, dict[str, str]] = shared["causes"]  # type: ignore[assignment]
    symptoms: dict[str, dict[str, list[str]]] = shared["symptoms"]  # type: ignore[assignment]
    facts: dict[str, dict[str, object]] = shared["facts"]  # type: ignore[assignment]
    assert CONTRACT.causes == {id: cause["group"] for id, cause in causes.items()}
    assert CONTRACT.symptoms == {id: tuple(symptom["seen_in"]) for id, symptom in symptoms.items()}
    assert {id: (kind.type, kind.effort) for id, kind in CONTRACT.facts.items()} == {id: (fact["type"], fact["effort"]) for id, fact in facts.items()}
    assert {id: list(kind.values) for id, kind in CONTRACT.facts.items()} == {id: fact.get("values", []) for id, fact in facts.items()}
    assert set(shared["columns"]) == CONTRACT.metrics  # type: ignore[call-overload]
