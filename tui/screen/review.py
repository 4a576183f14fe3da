"""Everything that the user said, to change or to take back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...engine.session import Session
from ...messages import say
from ..phrases import Phrases
from .room import clinic
from .turns import name_of

__all__ = ["ReviewScreen"]


class ReviewScreen(ModalScreen["tuple[str, str] | None"]):
    """A list; Enter asks again, Delete takes back. Gives ("change" or "remove", id), or None."""

    HELP_ENTRY: ClassVar[str] = "triage.help.review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "screen.key.close", id="review.close"),
        Binding("enter", "change", "triage.key.change", id="review.change"),
        Binding("delete,backspace,x", "remove", "triage.key.take_out", id="review.remove"),
        Binding("f1", "app.help", "screen.key.help", show=False, id="help"),
        Binding("f2", "app.language", "中文/English", show=False, id="language"),
    ]
    DEFAULT_CSS = """
    ReviewScreen { align: center middle; background: $background 60%; }
    ReviewScreen > Vertical { width: 76; max-width: 100%; height: auto; max-height: 85%; background: $surface; border: round $primary; padding: 0 1; }
    ReviewScreen OptionList { height: auto; max-height: 20; background: $surface; border: none; }
    """

    def __init__(self, session: Session, words: Phrases) -> None:
        super().__init__()
        self._session, self._words_then = session, words

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        with Vertical():
            yield Static(id="review-title")
            yield OptionList(compact=True)
            yield Static(id="review-keys")

    def on_mount(self) -> None:
        """Say it in the language of the moment."""
        self.watch(clinic(self), "lang", self._retell)

    def _retell(self) -> None:
        words = self._words_then._replace(lang=clinic(self).lang)
        said = _said(self._session, words)
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        options.add_options(Option(Content(text), id=id) for id, text in said)
        options.highlighted = at if at is not None or not said else 0
        self.query_one("#review-title", Static).update(say("triage.review.title" if said else "triage.review.none", words.lang))
        self.query_one("#review-keys", Static).update(Content.styled(say("triage.review.keys", words.lang), "$soft"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask again."""
        event.stop()
        self._done("change", event.option_id)

    def action_change(self) -> None:
        """Ask again about the chosen one."""
        self._done("change", self._chosen())

    def action_remove(self) -> None:
        """Take the chosen one back."""
        self._done("remove", self._chosen())

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)

    def _chosen(self) -> str | None:
        options = self.query_one(OptionList)
        at = options.highlighted
        return options.get_option_at_index(at).id if at is not None else None

    def _done(self, deed: str, id: str | None) -> None:
        if id is None:
            return
        self.dismiss(("remove" if deed == "change" and id not in self._words_then.kb.facts else deed, id))


def _said(session: Session, words: Phrases) -> list[tuple[str, str]]:
    """Ids and wordings of what was answered, told or heard, latest last."""
    found = [
        (id, words.say("is", name=name_of(words, id), value=words.value(id, session.memory.told[id])) if id in words.kb.facts else name_of(words, id))
        for id, origin in session.origins.items()
        if origin.kind in ("answer", "told", "text")
    ]
    unknown = [(id, words.say("is", name=name_of(words, id), value=words.say("unknown"))) for id in session.unknown if id not in dict(found)]
    return [*found, *unknown]
