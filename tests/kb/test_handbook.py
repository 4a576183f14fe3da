"""The handbook: whole, in both languages, usable without a network; read in a real browser where there is one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest
from lossclinic.errors import InputError
from lossclinic.kb import KnowledgeBase
from lossclinic.tui.handbook.site import export

if TYPE_CHECKING:
    from .conftest import Chromium

PAGES = ("index.html", "causes/bad_batch.html", "playbooks/first_five_minutes_nan.html")


class Page(HTMLParser):
    """What a page links to, loads, and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.languages: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is of interest."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif "src" in values or tag == "link":
            self.loads.append(values.get("src") or values.get("href", ""))
        if tag == "article":
            self.languages.add(values["lang"])


@pytest.fixture(scope="module")
def site(kb: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported handbook."""
    folder = tmp_path_factory.mktemp("handbook")
    export(kb, str(folder), "html", "en")
    return folder


def test_every_link_leads_somewhere(site: Path) -> None:
    """I follow any link inside the handbook, and there is a page, and the place on it."""
    pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    lost: list[str] = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            name, anchor = urldefrag(link)
            target = (path.parent / name).resolve() if name else path
            found = pages.get(target)
            if found is None or (anchor and anchor not in found.anchors and f"{anchor}-en" not in found.anchors):
                lost.append(f"{path.name} -> {link}")
    assert lost == []
    assert len(pages) > 250


def test_every_page_speaks_both_languages_and_loads_nothing(site: Path) -> None:
    """Each page holds English and Chinese, and asks for nothing but itself."""
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        page = Page(text)
        assert page.languages == {"en", "zh-CN"}, path
        assert set(page.loads) <= {"data:,"}, path
        assert "@import" not in text
        assert not re.search(r"url\((?!data:)", text)


def test_every_entry_has_its_page(site: Path, kb: KnowledgeBase) -> None:
    """Nothing that is known is missing from the handbook."""
    for kind in ("causes", "symptoms", "playbooks", "fixes", "facts", "rules"):
        assert {path.stem for path in (site / kind).glob("*.html")} == set(kb.ids(kind))


def test_markdown_links_lead_somewhere(kb: KnowledgeBase, tmp_path: Path) -> None:
    """The Markdown handbook has every page in both languages, and its links lead to files."""
    export(kb, str(tmp_path / "book"), "markdown", "zh")
    for path in (tmp_path / "book").rglob("*.md"):
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
            if not link.startswith("http"):
                assert (path.parent / link.partition("#")[0]).is_file(), f"{path.name} -> {link}"
    english = {path.relative_to(tmp_path / "book" / "en") for path in (tmp_path / "book" / "en").rglob("*.md")}
    chinese = {path.relative_to(tmp_path / "book" / "zh") for path in (tmp_path / "book" / "zh").rglob("*.md")}
    assert english == chinese


def test_a_folder_with_something_else_in_it_is_left_alone(kb: KnowledgeBase, tmp_path: Path) -> None:
    """I name my thesis folder by mistake, and nothing in it is touched; a second export over a handbook is fine."""
    (tmp_path / "index.html").write_text("my thesis", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        export(kb, str(tmp_path), "html", "en")
    assert (tmp_path / "index.html").read_text("utf-8") == "my thesis"
    export(kb, str(tmp_path / "book"), "markdown", "en")
    export(kb, str(tmp_path / "book"), "markdown", "en")


@pytest.fixture
def reader(chromium: Chromium) -> Chromium:
    """The browser, with the window of a desk."""
    chromium.size(1280)
    return chromium


def visible(reader: Chromium, words: str) -> bool:
    """Whether the reader can see some words on the page."""
    return bool(reader.run(f"document.body.innerText.includes({words!r})"))


def test_the_language_switches_and_stays(reader: Chromium, site: Path) -> None:
    """I switch a page to Chinese, follow a link, and the next page is Chinese too; then back."""
    reader.open((site / "causes/bad_batch.html").as_uri() + "?lang=en")
    assert visible(reader, "Bad batch")
    assert not visible(reader, "异常批次")
    reader.run("document.querySelector('[data-set=zh]').click()")
    assert visible(reader, "异常批次")
    assert not visible(reader, "Bad batch")
    assert reader.run("document.documentElement.lang") == "zh-CN"
    assert "异常批次" in reader.run("document.title")
    reader.run("setTimeout(() => document.querySelector('article[data-l=zh] section.part-mistaken_for li a').click(), 0), 0")
    reader.until("document.readyState === 'complete' && !location.href.includes('bad_batch')")
    assert visible(reader, "怎样确认")
    reader.run("document.querySelector('[data-set=en]').click()")
    assert visible(reader, "How to be sure")


@pytest.mark.parametrize(
    ("lang", "words", "page"),
    [
        ("en", "exploding gradients", "causes/gradient_explosion.html"),
        ("en", "gradiant explosoin", "causes/gradient_explosion.html"),
        ("zh", "学习率过高", "causes/lr_too_high.html"),
        ("zh", "忘了 zero_grad", "missing_zero_grad.html"),
        ("en", "S3-069", "claims.html#S3-069"),
    ],
)
def test_the_search_finds_a_page(reader: Chromium, site: Path, lang: str, words: str, page: str) -> None:
    """I type into the search of any page, see the entry at the top, press Enter, and I am there."""
    reader.open((site / "symptoms/loss_spike.html").as_uri() + f"?lang={lang}")
    reader.run("document.querySelector('.find input').focus()")
    reader.type(words)
    reader.until("document.querySelectorAll('.found a').length > 0")
    links = reader.run("Array.from(document.querySelectorAll('.found a')).slice(0, 3).map(a => a.href)")
    assert any(link.endswith(page) for link in links), links
    reader.run(f"setTimeout(() => Array.from(document.querySelectorAll('.found a')).find(a => a.href.endsWith({page!r})).click(), 0), 0")
    reader.until(f"document.readyState === 'complete' && location.href.endsWith({page!r})")


def test_nothing_found_is_said(reader: Chromium, site: Path) -> None:
    """I search for nonsense, and the page says that there is nothing."""
    reader.open((site / "index.html").as_uri() + "?lang=en")
    reader.run("document.querySelector('.find input').focus()")
    reader.type("qqqqzzzz")
    reader.until("document.querySelector('.found').innerText.includes('Nothing found')")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_the_screen(reader: Chromium, site: Path, page: str, lang: str, width: int) -> None:
    """I read on a phone or at a desk, and nothing runs out of the window sideways."""
    reader.size(width)
    reader.open((site / page).as_uri() + f"?lang={lang}")
    assert reader.run("document.documentElement.scrollWidth") <= width


def test_without_scripts_both_languages_are_there(reader: Chromium, site: Path) -> None:
    """I read with scripts switched off, and still get everything, one language after the other."""
    reader.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        reader.open((site / "causes/bad_batch.html").as_uri())
        assert visible(reader, "How to be sure")
        assert visible(reader, "怎样确认")
    finally:
        reader.call("Emulation.setScriptExecutionDisabled", value=False)


def test_code_of_the_chosen_framework_is_shown(reader: Chromium, site: Path) -> None:
    """I choose Keras once, and every code block that has Keras shows it; on paper all are there."""
    reader.open((site / "fixes/clip_gradients.html").as_uri() + "?lang=en")
    assert reader.run("document.querySelectorAll('[data-l=en] .tabs').length") == 1
    reader.run("document.querySelector('[data-l=en] .tabs [data-fw=keras]').click()")
    assert visible(reader, "clipnorm")
    assert not visible(reader, "clip_grad_norm_(model.parameters()")
    reader.run("localStorage.clear()")


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The handbook on a web server of this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_search_also_works_from_a_web_server(reader: Chromium, served: str) -> None:
    """I put the handbook on our intranet, and the search works there too."""
    reader.open(served + "/causes/lr_too_high.html?lang=zh")
    reader.run("document.querySelector('.find input').focus()")
    reader.type("梯度爆炸")
    reader.until("document.querySelectorAll('.found a').length > 0")


def test_no_request_leaves_the_machine(reader: Chromium, site: Path) -> None:
    """Whatever I did in the handbook, the browser asked for nothing but the handbook's own files."""
    reader.open((site / "index.html").as_uri())
    asked = reader.requests()
    assert asked
    assert [url for url in asked if not url.startswith(("file://", "data:", "http://127.0.0.1:", "about:"))] == []
    assert [event for event in reader.events if event.get("method") == "Runtime.exceptionThrown"] == []
