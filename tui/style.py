"""The style sheet of the HTML report: light and dark by the reader's setting, sober on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light dark;
  --bg: #fbfaf7; --ink: #23272b; --soft: #6a7178; --line: #dcdad3; --code: #f0eee8;
  --main: #0b6e8f; --second: #9a5b9f; --bad: #c03a2b; --good: #2b7a4b; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #16191c; --ink: #dfe3e6; --soft: #949ca3; --line: #343a40; --code: #20252a;
  --main: #58b7d3; --second: #c792cb; --bad: #ff8373; --good: #7cc99a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); line-height: 1.6;
  font-family: system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
article + article { border-top: 3px double var(--line); margin-top: 3rem; padding-top: 1rem; }
h1 { font-size: 1.45rem; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
p, ol, ul { margin: .4rem 0; }
ol, ul { padding-left: 1.6rem; }
li { margin: .5rem 0; }
.soft, .where { color: var(--soft); }
.where { font-size: .9em; margin-left: .6em; }
.good, .for { color: var(--good); }
.against { color: var(--bad); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace;
  font-size: .9em; background: var(--code); border-radius: 4px; }
code { padding: .1em .3em; }
pre { padding: .7em .9em; overflow-x: auto; line-height: 1.45; }
pre code { padding: 0; background: none; font-size: 1em; }
table { border-collapse: collapse; width: 100%; }
td { padding: .25rem .6rem .25rem 0; vertical-align: middle; }
td.n { width: 4.5rem; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.b { width: 45%; }
.bar { height: .6rem; min-width: 2px; border-radius: 3px; background: var(--main); }
tr.rest { color: var(--soft); }
tr.rest .bar { background: var(--soft); }
figure { margin: 1rem 0; overflow-x: auto; }
svg { display: block; width: 100%; min-width: 32rem; height: auto; }
svg text { font-size: 12px; fill: var(--soft); }
svg .caption { fill: var(--ink); }
svg .number { fill: var(--bad); font-weight: 700; }
svg .lost { fill: var(--bad); }
svg .key { font-weight: 700; letter-spacing: -1px; }
svg tspan.main { fill: var(--main); stroke: none; }
svg tspan.second { fill: var(--second); stroke: none; }
svg .axis, svg .tick { stroke: var(--soft); }
svg .grid { stroke: var(--line); }
svg .line { stroke-linejoin: round; stroke-width: 1.5; }
svg .main { stroke: var(--main); }
svg .second { stroke: var(--second); stroke-dasharray: 5 3; }
svg .mark { stroke: var(--bad); stroke-width: 3; }
svg .guide { stroke: var(--bad); stroke-dasharray: 2 4; opacity: .6; }
@media print {
  :root { --bg: #fff; --ink: #000; --code: #f4f4f4; }
  main { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; }
  h2, li, figure { break-inside: avoid; }
  article + article { break-before: page; }
}
"""
