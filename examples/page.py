"""The sign-in page that the examples share, and the headers that it is sent with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"

HEADERS: Final = {
    # Nothing but this site's own files runs, and nothing that is typed leaves it (https://www.w3.org/TR/CSP3/).
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
