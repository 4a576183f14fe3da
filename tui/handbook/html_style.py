"""The style sheet of the handbook: light and dark by the reader's setting, one column on a phone, sober on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light dark;
  --bg: #fbfaf7; --ink: #23272b; --soft: #6a7178; --line: #dedbd3; --code: #f1efe9; --main: #0b6e8f; --mark: #fbe7a1;
  --good: #2b7a4b; --bad: #b93a2b; --panel: #ffffff; --shade: rgba(40, 40, 30, .12); }
@media (prefers-color-scheme: dark) { :root {
  --bg: #16191c; --ink: #dfe3e6; --soft: #98a0a7; --line: #343a40; --code: #1f2429; --main: #62bcd8; --mark: #5c4a12;
  --good: #7cc99a; --bad: #ff8f80; --panel: #1d2125; --shade: rgba(0, 0, 0, .5); } }
* { box-sizing: border-box; }
html { scroll-padding-top: 4.2rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--ink); line-height: 1.62; font-size: 1rem;
  font-family: system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
[data-l="zh"] { line-height: 1.78; }
html[data-lang="en"] [data-l="zh"], html[data-lang="zh"] [data-l="en"] { display: none !important; }
a { color: var(--main); text-decoration-color: color-mix(in srgb, var(--main) 35%, transparent); text-underline-offset: .18em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--main); outline-offset: 2px; border-radius: 3px; }
.bar { position: sticky; top: 0; z-index: 2; background: var(--bg); border-bottom: 1px solid var(--line); }
.bar > div { max-width: 72rem; margin: 0 auto; padding: .55rem 1.25rem; display: flex; gap: 1rem; align-items: center; }
.home { font-weight: 650; color: var(--ink); text-decoration: none; white-space: nowrap; }
.find { position: relative; flex: 1; max-width: 34rem; margin-left: auto; }
.find input { width: 100%; font: inherit; padding: .34rem .7rem; color: var(--ink); background: var(--panel);
  border: 1px solid var(--line); border-radius: 7px; }
.found { position: absolute; top: calc(100% + .3rem); left: 0; right: 0; margin: 0; padding: .3rem; list-style: none; background: var(--panel);
  border: 1px solid var(--line); border-radius: 9px; box-shadow: 0 8px 28px var(--shade); max-height: 75vh; overflow-y: auto; }
.found:empty { display: none; }
.found a { display: block; padding: .42rem .6rem; border-radius: 6px; color: var(--ink); text-decoration: none; line-height: 1.4; }
.found a:hover, .found [aria-selected="true"] a { background: var(--code); }
.found b { font-weight: 600; }
.found .kind { float: right; color: var(--soft); font-size: .82em; margin-left: .8em; }
.found small { display: block; color: var(--soft); font-size: .86em; }
.found .none { padding: .5rem .6rem; color: var(--soft); }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.tongue { display: flex; border: 1px solid var(--line); border-radius: 7px; overflow: hidden; }
.tongue button { font: inherit; font-size: .88em; padding: .3rem .62rem; border: 0; background: none; color: var(--soft); cursor: pointer;
  white-space: nowrap; }
.tongue [aria-pressed="true"] { background: var(--code); color: var(--ink); font-weight: 600; }
html:not(.js) .find, html:not(.js) .tongue { display: none; }
main { max-width: 72rem; margin: 0 auto; padding: 1.4rem 1.25rem 4rem; }
article { max-width: 46rem; }
.kicker { color: var(--soft); font-size: .92em; margin: 0; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .2rem 0 .2rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
.id { color: var(--soft); font-size: .9em; margin: 0 0 1rem; }
h2 { font-size: 1.13rem; margin: 2.3rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h2 a { color: inherit; text-decoration: none; }
p, ul, ol, table, .code, blockquote { margin: .55rem 0; }
.lead { font-size: 1.08em; }
.soft, .claims { color: var(--soft); font-size: .92em; }
ul, ol { padding-left: 1.4rem; }
li { margin: .45rem 0; }
li > p { margin: .2rem 0; }
li > ul { margin: .35rem 0; }
.aside { float: right; margin-left: 1em; color: var(--soft); font-size: .86em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.label { font-weight: 600; }
.soft .label { font-weight: 500; }
.means { padding-left: 1.35em; text-indent: -1.35em; }
.means .label { display: inline-block; width: 1.35em; text-indent: 0; color: var(--soft); font-weight: 400; }
code, pre { font-size: .88em; background: var(--code);
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono CJK SC", monospace; }
code { padding: .08em .32em; border-radius: 4px; overflow-wrap: anywhere; }
.code { position: relative; border-radius: 8px; background: var(--code); overflow: hidden; }
.code figure { margin: 0; }
.code figcaption, .tabs { padding: .35rem .85rem 0; font-size: .8em; color: var(--soft); }
.tabs { display: flex; gap: .2rem; padding: .3rem .5rem 0; flex-wrap: wrap; padding-right: 4.5rem; }
.tabs button, .copy { font: inherit; color: var(--soft); background: none; border: 0; border-radius: 5px; padding: .12rem .45rem; cursor: pointer; }
.tabs [aria-pressed="true"] { color: var(--ink); font-weight: 600; background: var(--bg); }
.copy { position: absolute; top: .28rem; right: .4rem; font-size: .8em; }
.copy:hover, .tabs button:hover { color: var(--ink); }
pre { scrollbar-width: thin; margin: 0; padding: .5rem .9rem .75rem; overflow-x: auto; line-height: 1.5; tab-size: 4; }
pre code { padding: 0; background: none; font-size: 1em; overflow-wrap: normal; }
html.js .tabbed figcaption { display: none; }
html.js .tabbed figure[hidden] { display: none; }
blockquote { margin-left: 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--line); }
blockquote p { margin: .3rem 0; }
blockquote .belief { color: var(--soft); }
blockquote .reference { color: var(--soft); font-size: .88em; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95em; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .88em; }
th, td { padding: .4rem .8rem .4rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td:first-child { font-variant-numeric: tabular-nums; }
.part-references li { overflow-wrap: anywhere; }
.toc { font-size: .9em; margin: 1rem 0 0; }
.toc ul { list-style: none; padding: 0; margin: .3rem 0; columns: 2; column-gap: 1.5rem; }
.toc li { margin: 0; padding: .18rem 0; break-inside: avoid; }
.toc a { text-decoration: none; }
.cards { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: .2rem 1.6rem; }
.cards li { margin: .35rem 0; overflow-wrap: anywhere; }
.cards a { text-decoration: none; }
.cards a:hover { text-decoration: underline; }
.cards p { color: var(--soft); font-size: .92em; line-height: 1.5; margin: .1rem 0 0; }
li.here { outline: 2px solid var(--main); outline-offset: .3rem; border-radius: 4px; }
.index article { max-width: none; }
footer { max-width: 72rem; margin: 0 auto; padding: 1rem 1.25rem 2.5rem; color: var(--soft); font-size: .86em; border-top: 1px solid var(--line); }
@media (min-width: 68rem) {
  .page article { display: grid; grid-template-columns: minmax(0, 46rem) 15rem; column-gap: 4rem; max-width: none; }
  .page article > * { grid-column: 1; min-width: 0; }
  .page .toc { grid-column: 2; grid-row: 1 / span 60; position: sticky; top: 4.6rem; align-self: start; margin: .4rem 0 0;
    max-height: calc(100vh - 6rem); overflow-y: auto; border-left: 1px solid var(--line); padding-left: 1.2rem; }
  .page .toc ul { columns: 1; }
}
@media (max-width: 40rem) {
  .bar > div { padding: .5rem .9rem; gap: .6rem; }
  .found { position: fixed; left: .5rem; right: .5rem; top: 3.4rem; }
  main { padding: 1rem .9rem 3rem; }
  h1 { font-size: 1.45rem; }
  table.stack thead { display: none; }
  table.stack tr { display: block; padding: .45rem 0; border-bottom: 1px solid var(--line); }
  table.stack td { display: block; padding: 0; border: 0; }
  table.stack td:first-child { font-weight: 600; }
  table.stack td:last-child { color: var(--soft); font-size: .9em; }
}
@media print {
  :root { --bg: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f4f4f4; --main: #000; }
  .bar, .toc, .copy, .tabs, footer { display: none; }
  html.js .tabbed figcaption { display: block; }
  html.js .tabbed figure[hidden] { display: block; }
  main { max-width: none; padding: 0; }
  article, .page article { display: block; max-width: none; }
  body { font-size: 10.5pt; }
  h2, h1 { break-after: avoid; }
  li, pre, blockquote, tr { break-inside: avoid; }
  pre { white-space: pre-wrap; }
}
"""
