"""What every format is brought to before it is understood: named columns of numbers over the rows of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..log import Floats, Note
from .columns import meaning
from .gather import Gather, Pending
from .names import clean

__all__ = ["Builder", "NotThisFormatError", "Table", "Track"]

MAX_COLUMNS = 4000
"""So many columns of any name are kept; beyond, only those whose name says something."""


class NotThisFormatError(Exception):
    """A reader looked more closely and the file is not its format after all; the next reader is asked."""


class Track:
    """One column: its name, the rows at which it has a value (ascending), and the values."""

    __slots__ = ("_rows", "means", "name", "run", "values")

    def __init__(self, name: str, rows: NDArray[np.int64] | None, values: Floats, means: str = "", run: str = "") -> None:
        """`rows` None: every row has a value. `means`: a name that says what it is where the log's own does not. `run`: which of several."""
        self.name = name
        self._rows = rows
        self.values = values
        self.means = means
        self.run = run

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows, counted out only when someone asks: in a long table of full columns nobody does."""
        if self._rows is None:
            self._rows = np.arange(len(self.values), dtype=np.int64)
        return self._rows

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Leave out the values for which `mask` is False."""
        self._rows, self.values = self.rows[mask], self.values[mask]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class Table:
    """All that a reader found, rows in the order of the file."""

    format: str
    tracks: list[Track]
    n_rows: int
    text_columns: dict[str, str] = field(default_factory=dict[str, str])
    """Columns without a single number, and why: "text" or "empty"."""
    labels: dict[str, list[str]] = field(default_factory=dict[str, "list[str]"])
    """Cells of the text columns, one a row, where the reader keeps them."""
    notes: list[Note] = field(default_factory=list[Note])
    restart_rows: list[int] = field(default_factory=list[int])
    """Rows before which the file says that training was started again."""
    within: set[str] = field(default_factory=set[str])
    """Counters that the reader knows to start again in each epoch."""
    is_table: bool = True
    """Rows are records of a table; False for free text, whose lines share what was said before."""
    has_course: bool = True
    """False for a table of settings and results, one row a run: there is nothing in it that took its course."""
    numbers: NDArray[np.int64] | None = None
    """Which rows of the file these are, where the reader could not keep all of them."""


class Builder:
    """Collects numbers by column name while a file is walked row by row."""

    def __init__(self) -> None:
        """Start with an empty row 0."""
        self.texts: dict[str, str] = {}
        self._columns: dict[str, Pending] = {}
        self._gather = Gather()

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return self._gather.seen

    def add(self, name: str, value: float) -> None:
        """`value` for the current row; a name that comes twice in a row keeps the last value."""
        column = self._columns.get(name)
        if column is None:
            many = len(self._columns)
            if many >= MAX_COLUMNS and (many >= 2 * MAX_COLUMNS or meaning(name).kind is None):
                return
            column = self._columns[name] = self._gather.column()
        rows, row = column.rows, self._gather.row
        if rows and rows[-1] == row:
            column.values[-1] = value
        else:
            rows.append(row)
            column.values.append(value)

    def next(self) -> None:
        """The current row is done."""
        self._gather.next()

    def text(self, name: str, why: str = "text") -> None:
        """A cell of `name` that is no number."""
        if len(self.texts) < MAX_COLUMNS:
            self.texts.setdefault(name, why)

    def table(self, format_id: str, notes: Iterable[Note] = ()) -> Table:
        """Everything collected, as a `Table`; one `Track` a name, in order of first appearance."""
        gather = self._gather
        gather.finish()
        tracks = [Track(clean(name), *gather.take(column)) for name, column in self._columns.items()]
        texts = {clean(name): why for name, why in self.texts.items() if name not in self._columns}
        said = [*notes, *([Note("thinned", {"count": gather.seen, "kept": gather.rows})] if gather.rows < gather.seen else [])]
        return Table(format_id, tracks, gather.rows, texts, notes=said, numbers=gather.numbers())
