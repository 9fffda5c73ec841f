"""The page at ``/_local/operations``: try any operation of the pool, in its query form, by hand.

One HTML document with one style and one script of its own; its Content-Security-Policy names both by their hashes and lets the
script ask this server and nobody else. What operations there are the script learns from ``/_local/openapi.json``.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from types import MappingProxyType
from typing import Final

from .console_script import SCRIPT

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #666; --accent: #0a6cbd; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --accent: #6cb8f5; --quiet: #aaa; --bad: #f2b8b5; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { color: var(--quiet); margin: .2rem 0; }
a { color: var(--accent); }
form, fieldset { display: grid; gap: .9rem; margin: 1.2rem 0 0; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 0; padding: .8rem; min-width: 0; }
label { display: block; font-weight: 500; overflow-wrap: anywhere; }
small { color: var(--quiet); font-weight: 400; }
input, select, textarea { display: block; width: 100%; margin-top: .2rem; padding: .5rem;
  font: 14px/1.5 ui-monospace, monospace; border: 1px solid var(--line); border-radius: .3rem;
  background: var(--soft); color: inherit; }
option { background: Canvas; color: CanvasText; }
textarea { min-height: 4.5rem; resize: vertical; }
button { justify-self: start; padding: .5rem 1.6rem; font: inherit; font-weight: 600; color: Canvas; background: var(--accent);
  border: 0; border-radius: .3rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
pre { font: 14px/1.5 ui-monospace, monospace; background: var(--soft); border: 1px solid var(--line); border-radius: .3rem;
  margin: .5rem 0; padding: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
output { display: block; font-weight: 600; }
output.refused { color: var(--bad); }
[hidden] { display: none; }
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


HEADERS: Final = MappingProxyType(
    {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(SCRIPT)};"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'",
        # Its own requests say where they come from, for browsers without Sec-Fetch-Site; nobody else learns its address.
        "referrer-policy": "same-origin",
        "x-frame-options": "DENY",
    }
)
"""The headers that go with the page."""


def render(*, region: str) -> str:
    """The page of a pool whose signatures are for ``region``."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>cognito-auth local: operations</title>
<style>{_STYLE}</style>
</head>
<body>
<main data-region="{escape(region)}">
<h1>Operations</h1>
<p>Each is sent as a GET with its parameters in the query. <a href="/_local/">Pools and messages</a> ·
<a href="/_local/openapi.json">OpenAPI document</a></p>
<noscript><p>This page needs JavaScript.</p></noscript>
<form id="form" autocomplete="off">
<div><label for="operation">Operation</label><select id="operation"></select></div>
<p id="summary"></p>
<fieldset id="keys" hidden>
<legend>Signed by an administrator</legend>
<div><label for="key">Access key id <small>any, unless the pool was started with keys</small></label>
<input id="key" value="local" autocomplete="off" spellcheck="false"></div>
<div><label for="secret">Secret access key</label>
<input id="secret" type="password" value="local" autocomplete="off"></div>
</fieldset>
<fieldset id="parameters"><legend>Parameters</legend></fieldset>
<button>Send</button>
</form>
<section aria-labelledby="reply">
<h2 id="reply">Reply</h2>
<output id="status" for="form" aria-live="polite">Nothing sent yet.</output>
<pre id="body" tabindex="0" aria-label="Body of the reply" hidden></pre>
</section>
</main>
<script>{SCRIPT}</script>
</body>
</html>
"""
