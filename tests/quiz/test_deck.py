"""The deck: enough cards, in both languages, at every level, none of which answers itself, with and a card for everything disputed."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lossclinic.kb import KnowledgeBase
from lossclinic.kb.lint.claims import coverage
from lossclinic.quiz.card import DIMENSIONS, KINDS, LEVELS, Card, Choice, Cloze, Order, Words
from lossclinic.quiz.curves import diagnosed, simulate
from lossclinic.quiz.deck import Filter, build, chosen
from lossclinic.quiz.grade import grade

LANGS = ("en", "zh")


@pytest.fixture(scope="module")
def cards(kb: KnowledgeBase) -> dict[str, Card]:
    """The product's deck."""
    return build(kb)


def test_there_are_hundreds_of_cards_at_every_level(cards: dict[str, Card]) -> None:
    """At least 300, and a fair number at each level, of each kind and in each dimension."""
    assert len(cards) >= 300
    assert min(Counter(card.level for card in cards.values())[level] for level in LEVELS) >= 50
    assert {card.kind for card in cards.values()} == set(KINDS) - {"case"}
    assert min(Counter(card.dimension for card in cards.values())[dimension] for dimension in DIMENSIONS) >= 10


def test_every_text_of_a_card_stands_in_both_languages(cards: dict[str, Card]) -> None:
    """Chinese in Chinese, English in English."""
    for card in cards.values():
        texts = [card.prompt, *card.reveal]
        if isinstance(card.answer, Choice):
            texts += [option.text for option in card.answer.options]
        elif isinstance(card.answer, Order):
            texts += card.answer.items
        for text in texts:
            assert text.en.strip(), card.id
            assert re.search("[\u4e00-\u9fff]", text.zh) or not re.search("[A-Za-z]{3,} [A-Za-z]{3,} [A-Za-z]{3,}", text.zh), (card.id, text.zh)


def test_no_card_gives_its_answer_away(cards: dict[str, Card]) -> None:
    """The right option, the hidden name and the points of the rubric do not stand in the question."""
    for card in cards.values():
        for lang in LANGS:
            asked = (card.prompt.pick(lang) + "\n" + card.code).casefold()
            match card.answer:
                case Choice(options=options):
                    if card.kind != "judge":
                        right = [option.text.pick(lang).casefold() for option in options if option.right]
                        assert not any(word in asked for word in right), (card.id, right)
                case Cloze(accept=accept):
                    assert not any(re.search(rf"\b{re.escape(word.casefold())}\b", asked) for word in accept), card.id
                case Words() as words:
                    assert not grade(words.rubric, card.prompt.pick(lang)).hit, (card.id, lang)
                case Order():
                    assert card.answer.share(card.answer.shuffled(card.id)) < 1.0, card.id


def test_options_are_one_right_and_several_different_wrong_ones(cards: dict[str, Card]) -> None:
    """In both languages, and the order in which they stand is not always the same."""
    first = Counter[int]()
    for card in cards.values():
        if isinstance(card.answer, Choice):
            options = card.answer.options
            assert sum(option.right for option in options) == 1
            assert len(options) == (2 if card.kind == "judge" else 4), card.id
            for lang in LANGS:
                assert len({option.text.pick(lang) for option in options}) == len(options), card.id
            first[[option.right for option in card.answer.shuffled(card.id)].index(True)] += card.kind != "judge"
    assert max(first.values()) < 0.4 * sum(first.values())


def test_misconceptions_are_not_all_one_answer(cards: dict[str, Card]) -> None:
    """Whoever always says "wrong" fails: many statements to judge hold."""
    judged = [card.answer for card in cards.values() if card.kind == "judge" and isinstance(card.answer, Choice)]
    right = Counter(next(option.text.en for option in answer.options if option.right) for answer in judged)
    assert min(right.values()) > 0.3 * sum(right.values())


def test_every_misconception_and_every_follow_up_of_the_sources_is_on_a_card(kb: KnowledgeBase, cards: dict[str, Card]) -> None:
    """By claim id: whatever is disputed, called a myth, or asked as a follow-up by a source."""
    on_cards = {claim for card in cards.values() for claim in card.claims}
    wanted = {id for id in kb.ids("claims") if kb.claim(id).disputed or kb.claim(id).gist.startswith(("myth:", "interview:"))}
    entries = ((kind, id, kb.entry(kind, id)) for kind in ("causes", "symptoms", "fixes", "playbooks") for id in kb.ids(kind))
    found = coverage({id: kb.claim(id) for id in kb.ids("claims")}, entries)
    wanted |= {claim for claim, by in found.cited.items() if any(citation.corrects for citation in by)}
    assert len(wanted) > 90
    assert wanted - on_cards == set()


def test_every_cause_and_every_symptom_has_cards_of_several_kinds(kb: KnowledgeBase, cards: dict[str, Card]) -> None:
    """To name it, to tell it apart, and for a cause to explain and to cure it."""
    for id in kb.ids("causes"):
        assert {"name", "explain", "apart", "fix"} <= {card.kind for card in cards.values() if id in card.topics}, id
    for id in kb.ids("symptoms"):
        assert {"name", "apart"} <= {card.kind for card in cards.values() if id in card.topics}, id


def test_the_engine_sees_what_a_curve_card_says(kb: KnowledgeBase, cards: dict[str, Card]) -> None:
    """On every curve the engine finds the right option and none of the wrong ones."""
    for card in cards.values():
        if card.curve is not None:
            diagnosis = diagnosed(card.curve, "en")
            seen = next(iter(card.topics - {"curve"}))
            found = set(diagnosis.symptom_ids())
            assert diagnosis.healthy if seen == "healthy" else seen in found, (card.id, found)
            assert isinstance(card.answer, Choice)
            wrong = {option.text.en for option in card.answer.options if not option.right}
            assert not wrong & {kb.symptoms[id].en for id in found}, (card.id, found)


def test_a_curve_is_the_same_wherever_it_is_drawn() -> None:
    """The seed decides."""
    one, two, other = simulate("loss_spike", 1), simulate("loss_spike", 1), simulate("loss_spike", 2)
    assert (one["train_loss"] == two["train_loss"]).all()
    assert not (one["train_loss"] == other["train_loss"]).all()


def test_ids_stay_and_contents_tell_when_an_answer_changed(kb: KnowledgeBase, cards: dict[str, Card]) -> None:
    """Built again the deck is the same; a changed option changes the content and not the id."""
    again = build(kb)
    assert list(again) == list(cards)
    assert all(again[id].content == card.content for id, card in cards.items())
    card = cards["fix/lr_too_high.now"]
    assert isinstance(card.answer, Choice)
    changed = Card(card.id, card.kind, card.level, card.dimension, card.prompt, Choice(card.answer.options[:-1]))
    assert changed.content != card.content


@pytest.mark.parametrize(
    "topic", ["loss_spike", "lr_too_high", "学习率过高", "Learning rate too high", "gradients", "ｌｏｓｓ_ｓｐｉｋｅ", "learning-rate"]
)
def test_a_topic_is_found_by_id_name_or_dimension_in_either_language(cards: dict[str, Card], topic: str) -> None:
    """As people write it."""
    assert chosen(cards, Filter(topic=topic))
