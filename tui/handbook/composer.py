"""What every composer of a page shares: the words of its language, and the blocks that several kinds of entries have."""

from __future__ import annotations

from collections.abc import Iterable

from ...kb.model import Code as Snippets
from ...kb.model import Framework, Misconception, Text, Threshold
from ...messages import say
from ..language import Lang
from .blocks import Belief, Block, Bullets, Code, Inline, Item, Link, Para, Section, Spans, Table
from .crossings import Crossings, sentence_case

__all__ = ["Composer"]

FRAMEWORKS: tuple[Framework, ...] = ("pytorch", "lightning", "transformers", "keras", "shell")


class Composer:
    """Makes the parts of a page in one language."""

    def __init__(self, crossings: Crossings, lang: Lang) -> None:
        """For one knowledge base and one language; used for any number of pages."""
        self.x = crossings
        self.kb = crossings.kb
        self.lang: Lang = lang

    def say(self, id: str, **values: object) -> str:
        """A label of the handbook."""
        return say(f"kb.page.{id}", self.lang, **values)

    def pick(self, text: Text) -> str:
        """A text of the knowledge base."""
        return text.pick(self.lang)

    def para(self, text: Text, label: str = "", style: str = "") -> Para:
        """A paragraph of the knowledge base."""
        return Para((self.pick(text),), self.say(label) if label else "", style)

    def section(self, anchor: str, *blocks: Block | None, **values: object) -> list[Section]:
        """A section under its heading, or nothing when it would be empty."""
        filled = tuple(block for block in blocks if block is not None and not _empty(block))
        return [Section(anchor, self.say(f"section.{anchor}", **values), filled)] if filled else []

    def title(self, text: Text) -> str:
        """A name as the title of a page."""
        return sentence_case(self.pick(text))

    def link(self, kind: str, id: str) -> Link:
        """A link to an entry."""
        return self.x.link(kind, id, self.lang)

    def links(self, kind: str, ids: Iterable[str], label: str = "") -> Para | None:
        """A line of links, or None when there are none."""
        found = tuple(self.link(kind, id) for id in ids)
        return Para(self.joined(found), self.say(label) if label else "") if found else None

    def joined(self, links: Iterable[Inline]) -> Spans:
        """Links with commas between them."""
        out: list[Inline] = []
        for link in links:
            out += [self.say("comma"), link] if out else [link]
        return tuple(out)

    def code(self, snippets: Snippets) -> tuple[Block, ...]:
        """The code, the commonest framework first; nothing when there is none."""
        ordered: dict[str, str] = {name: snippets[name].rstrip("\n") for name in FRAMEWORKS if name in snippets}
        return (Code(ordered),) if ordered else ()

    def claims(self, ids: Iterable[str]) -> Para | None:
        """The claims of the sources that an entry carries."""
        found = tuple(Link("claims", id, id) for id in ids)
        return Para(self.joined(found), self.say("claims"), "soft") if found else None

    def sources(self, claims: Iterable[str], references: Iterable[str]) -> list[Section]:
        """The section with papers, documentation and claims."""
        listed = Bullets(tuple(Item((reference,)) for reference in references))
        return self.section("references", listed, self.claims(dict.fromkeys(claims)))

    def misconceptions(self, items: Iterable[Misconception], anchor: str = "misconceptions") -> list[Section]:
        """The section with common beliefs and what holds instead."""
        labels = (self.say("belief"), self.say("truth"))
        blocks = [
            Belief(
                self.pick(item.belief), self.pick(item.truth), self.joined(Link("claims", id, id) for id in item.claims), item.reference or "", labels
            )
            for item in items
        ]
        return self.section(anchor, *blocks)

    def thresholds(self, items: Iterable[Threshold]) -> list[Section]:
        """The section with numbers, their meaning and their source."""
        heads = (self.say("threshold.value"), self.say("threshold.means"), self.say("threshold.source"))
        rows = tuple(((item.value,), (self.pick(item.means),), (item.source,)) for item in items)
        return self.section("thresholds", Table(heads, rows) if rows else None)

    def minutes(self, minutes: float) -> str:
        """A time to find out, as people say it."""
        if minutes < 1:
            return self.say("seconds", n=max(10, round(minutes * 6) * 10))
        if minutes < 90:
            return self.say("minutes", n=round(minutes))
        return self.say("hours", n=round(minutes / 60))

    def answer(self, fact: str, value: object) -> str:
        """What a value of a fact reads like."""
        word = str(value).lower() if isinstance(value, bool) else str(value)
        return self.x.value("facts", fact, word, self.lang)


def _empty(block: Block) -> bool:
    return isinstance(block, Bullets) and not block.items
