"""The Markdown and HTML reports: complete, self-contained, and safe with hostile names."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lossclinic import diagnose
from lossclinic.engine.diagnosis import Diagnosis
from lossclinic.engine.observe.log import Log
from lossclinic.engine.observe.read import read
from lossclinic.tui.report_html import html_report
from lossclinic.tui.report_markdown import markdown_report
from lossclinic.tui.report_text import text_report
from lossclinic.tui.spans import paint
from lossclinic.tui.terminal import Terminal

HOSTILE = "<script>alert(1)</script>`*[x](http://evil)*`|\x1b[2J.csv"
VOID = {"meta", "br", "line", "path"}


class Balanced(HTMLParser):
    """Checks that every element is closed, in order."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        """Remember what is open."""
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The last one opened is the first one closed."""
        assert tag in VOID or self.open.pop() == tag


def hostile(diagnosis: Diagnosis) -> Diagnosis:
    """The same diagnosis of a file with a hostile name."""
    assert diagnosis.log is not None
    return diagnosis.model_copy(update={"log": diagnosis.log.model_copy(update={"source": HOSTILE})})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_is_well_formed_and_complete(request: pytest.FixtureRequest, log: Log, book: object, lang: str) -> None:
    """Curve, findings, causes, code: everything is on the page, and every tag is closed."""
    diagnosis = request.getfixturevalue("diagnosis" if lang == "en" else "chinese")
    page = html_report([(diagnosis, log), (diagnosis, log)], book)  # type: ignore[arg-type]
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert parser.seen.count("article") == parser.seen.count("svg") == 2
    assert "clip_grad_norm_(model.parameters(), max_norm=1.0)" in page
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in page


def test_html_needs_no_network_and_runs_no_script(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """The file can be mailed: nothing is loaded, nothing is executed, and it forbids both."""
    page = html_report([(hostile(diagnosis), log)], book)  # type: ignore[arg-type]
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?://(?!evil)", page)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page


def test_html_knows_both_colour_schemes_and_paper(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """Dark and light by the reader's setting, and a style for print."""
    page = html_report([(diagnosis, log)], book)  # type: ignore[arg-type]
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_the_drawn_line_keeps_its_spike(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """Thinning to the width of the page loses no extreme, and NaN breaks the line."""
    page = html_report([(diagnosis, log)], book)  # type: ignore[arg-type]
    path = re.search(r'<path class="line main"[^>]* d="([^"]+)"', page)
    assert path
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path[1])]
    assert min(heights) == pytest.approx(20.0, abs=0.2)
    assert path[1].count("M") == 2


def test_markdown_has_every_section_and_pastable_code(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """Headings, a table of causes, fenced code."""
    text = markdown_report(diagnosis, log, book)  # type: ignore[arg-type]
    for heading in ("What we see", "Likely causes", "Do now", "For good", "Check next", "Not checked"):
        assert f"\n## {heading}\n" in text
    assert text.startswith("# runs/spike.csv\n")
    assert "| Unclipped exploding gradients | 58% |" in text
    assert "```python\n   torch.nn.utils.clip_grad_norm_" in text
    assert text.count("```") % 2 == 0


def test_markdown_shows_hostile_names_literally(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """Markup in a file name is escaped."""
    title = markdown_report(hostile(diagnosis), log, book).splitlines()[0]  # type: ignore[arg-type]
    assert title == r"# \<script\>alert(1)\</script\>\`\*\[x\](http://evil)\*\`\|\\x1b\[2J.csv"


def test_healthy_runs_get_short_documents(diagnosis: Diagnosis, log: Log, book: object) -> None:
    """Neither format invents causes for a healthy run."""
    healthy = diagnosis.model_copy(update={"healthy": True, "symptoms": (), "causes": (), "next_questions": (), "skipped": ()})
    assert "Likely causes" not in markdown_report(healthy, log, book)  # type: ignore[arg-type]
    assert "Looks healthy" in html_report([(healthy, log)], book)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "said"), [("en", "Nothing to judge"), ("zh", "没有可判断的内容")])
def test_a_table_of_runs_is_not_called_healthy(lang: str, said: str, book: object, tmp_path: Path) -> None:
    """Without any metric over steps every kind of report says that there is nothing to judge."""
    path = tmp_path / "runs.csv"
    path.write_text("Name,State,Created,loss,lr\n" + "".join(f"run-{i},finished,2024-01-01,{1 + i},0.1\n" for i in range(9)))
    log, diagnosis = read(path), diagnose(path, lang=lang)
    text = paint(text_report(diagnosis, log, book, Terminal()), colour=False)  # type: ignore[arg-type]
    documents = (text, markdown_report(diagnosis, log, book), html_report([(diagnosis, log)], book))  # type: ignore[arg-type]
    for document in documents:
        assert said in document
        assert "Looks healthy" not in document
        assert "看起来正常" not in document
