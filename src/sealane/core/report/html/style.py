"""How the page looks: light and dark, on a desk, on a phone and on paper."""

from __future__ import annotations

# Letters and their ground have a contrast of 4.5 and more in both schemes; WCAG 2.2, 1.4.3.
STYLE = """
:root {
  color-scheme: light dark;
  --ground: #ffffff; --card: #f6f7f9; --line: #c9ced6; --text: #1b1f24; --soft: #4d5661;
  --link: #0b57d0; --pass: #14662f; --fail: #a8101f; --missing: #7a4a00; --warn: #7a4a00;
  --note: #3b4a5e; --stamp: #fff3cd; --stamp-text: #4d3800;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1d2127; --line: #454d58; --text: #e8eaed; --soft: #b0b8c3;
    --link: #8ab4f8; --pass: #81d69a; --fail: #ff9b9b; --missing: #f2c46d; --warn: #f2c46d;
    --note: #b7c4d6; --stamp: #4a3b0a; --stamp-text: #ffe9a8;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 68rem; padding: 1rem 1.5rem 3rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
code { font: 0.875em/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.25rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 0 0 0.5rem; }
h4 { font-size: 1rem; margin: 1.25rem 0 0.4rem; }
p { margin: 0.4rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--ground); }
.soft, caption, dt, footer { color: var(--soft); }
.stamp {
  margin: 0.75rem 0; padding: 0.6rem 0.9rem; background: var(--stamp); color: var(--stamp-text);
  border: 2px dashed currentColor; border-radius: 0.4rem; font-weight: 600;
}
.mark {
  display: inline-block; padding: 0 0.5em; border: 2px solid currentColor; border-radius: 0.4em;
  font-weight: 700; font-size: 0.9em; white-space: nowrap;
}
.mark.fail { border-width: 3px; }
.pass { color: var(--pass); } .fail { color: var(--fail); }
.missing { color: var(--missing); } .warn { color: var(--warn); } .note { color: var(--note); }
table { width: 100%; border-collapse: collapse; margin: 0.75rem 0; font-size: 0.95rem; }
caption { text-align: left; padding-bottom: 0.35rem; font-size: 0.9rem; }
th, td {
  text-align: left; vertical-align: top; padding: 0.4rem 0.6rem;
  border-bottom: 1px solid var(--line);
}
thead th { border-bottom-width: 2px; overflow-wrap: normal; }
td > strong { white-space: nowrap; }
tbody th { font-weight: 400; }
.column { display: none; }
article, .problem {
  margin: 1rem 0; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 0.6rem;
}
article:target { border: 2px solid var(--link); }
ul.findings { list-style: none; margin: 0; padding: 0; }
ul.findings > li { padding: 0.6rem 0; border-top: 1px solid var(--line); }
dl { margin: 0.3rem 0; }
dl > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0 1rem; }
dt, dd { margin: 0; padding: 0.1rem 0; }
details { margin: 0.75rem 0 0; }
summary { cursor: pointer; padding: 0.25rem 0; font-weight: 600; }
ol.chain { list-style: none; margin: 0.5rem 0 0; padding: 0; }
ol.chain > li { position: relative; padding: 0 0 1rem 2rem; }
ol.chain > li::before {
  content: ""; position: absolute; left: 0.25rem; top: 0.35rem; width: 0.9rem; height: 0.9rem;
  border: 3px solid var(--note); border-radius: 50%; background: var(--card);
}
ol.chain > li:not(:last-child)::after {
  content: ""; position: absolute; left: calc(0.7rem - 1.5px); top: 1.25rem; bottom: -0.35rem;
  border-left: 3px solid var(--note);
}
@media (max-width: 40rem) {
  body { padding: 0.75rem 0.9rem 2rem; }
  article, .problem { padding: 0.75rem 0.8rem; }
  dl > div { display: block; padding: 0.15rem 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, tbody th, td { display: block; width: 100%; }
  tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  tbody th { font-weight: 600; }
  th, td { border-bottom: 0; padding: 0.15rem 0; }
  .column { display: inline; color: var(--soft); }
}
@media (prefers-contrast: more) { :root { --line: currentColor; --soft: var(--text); } }
@media print {
  :root { --ground: #fff; --card: #fff; --text: #000; --soft: #333; --line: #999; --link: #000;
    --pass: #000; --fail: #000; --missing: #000; --warn: #000; --note: #000;
    --stamp: #fff; --stamp-text: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip { display: none; }
  details:not([open])::details-content { content-visibility: visible; block-size: auto; }
  h2, h3, h4, caption { break-after: avoid-page; }
  ol.chain > li, tr, .problem { break-inside: avoid-page; }
}
"""
