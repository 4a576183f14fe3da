"""How well free answers are graded: agreement with labels given by hand, in each language, on the tuned part and on the part put aside.

uv run python bench/quiz_grading.py [--show]     --show lists what was graded otherwise, of the tuned part only
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from lossclinic.kb import load
from lossclinic.quiz.card import Words
from lossclinic.quiz.deck import build
from lossclinic.quiz.grade import Verdict, grade
from lossclinic.quiz.rubric import names_of, rubric_of

TESTS = Path(__file__).parents[1] / "tests" / "quiz"
ANSWERS, CARDS = TESTS / "answers.yaml", TESTS / "card_answers.yaml"


def kappa(pairs: list[tuple[int, int]], classes: int = 4) -> float:
    """Quadratic weighted kappa (Cohen 1968) of (label, grade) pairs; 1 = full agreement, 0 = as good as chance."""
    n = len(pairs)
    left = [sum(a == k for a, _ in pairs) / n for k in range(classes)]
    right = [sum(b == k for _, b in pairs) / n for k in range(classes)]
    seen = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum(left[i] * right[j] * (i - j) ** 2 for i in range(classes) for j in range(classes))
    return 1 - seen / chance


def graded(part: str) -> list[tuple[str, str, int, int, str]]:
    """Question, language, label, grade and text of every labelled answer of a part ("tune" or "held_out")."""
    kb = load()
    names = names_of(kb)
    rubrics = {id: rubric_of(kb.interview(id), names) for id in kb.ids("interviews")}
    answers = yaml.safe_load(ANSWERS.read_text("utf-8"))[part]
    return [(a["question"], a["lang"], Verdict[a["label"].upper()], grade(rubrics[a["question"]], a["answer"]).verdict, a["answer"]) for a in answers]


def graded_cards(part: str) -> list[tuple[str, str, int, int, str]]:
    """The same for the cards that explain a cause or tell two look-alikes apart; their key points are made from the knowledge base."""
    cards = build(load())
    out = []
    for a in yaml.safe_load(CARDS.read_text("utf-8"))[part]:
        answer = cards[a["card"]].answer
        assert isinstance(answer, Words)
        out.append((a["card"], a["lang"], Verdict[a["label"].upper()], grade(answer.rubric, a["answer"]).verdict, a["answer"]))
    return out


def main() -> None:
    """Print the tables: cards, interview questions, then every labelled answer together."""
    cards = {f"cards {part}": graded_cards(part) for part in ("tune", "held_out")}
    answers = {part: graded(part) for part in ("tune", "held_out", "later")}
    for part, found in (cards | answers).items():
        table(part, found)
    table("all", [row for found in (cards | answers).values() for row in found])


def table(part: str, found: list[tuple[str, str, int, int, str]]) -> None:
    """Agreement by language."""
    for lang in ("en", "zh", "both"):
        pairs = [(label, got) for _, of, label, got, _ in found if lang in (of, "both")]
        false_full = sum(got == Verdict.GOOD > label for label, got in pairs)
        exact = sum(a == b for a, b in pairs)
        n = len(pairs)
        print(f"{part:15}{lang:5} n={n:3}  kappa={kappa(pairs):.3f}  exact={exact / n:.0%}  false full marks={false_full / n:.1%}")
    if part.endswith("tune") and "--show" in sys.argv:
        for question, lang, label, got, text in found:
            if label != got:
                print(f"  {question} {lang}: {Verdict(label).name} graded {Verdict(got).name}: {text[:100]}")


if __name__ == "__main__":
    main()
