"""Where a browser is sent after a sign-in: only ever to a path on this site.

A ``next`` value is read as browsers read addresses (WHATWG URL standard), not as `urllib.parse` does: they drop tabs and
newlines, strip control characters, and take ``\\`` for ``/``. Only a value that none of this changes is taken, so what remains
is a path from the root of this origin. It is held against the path as a server decodes it, too: whoever decodes ``/%2Fevil``
before redirecting must not end up elsewhere.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

MAX_LENGTH: Final = 2048
"""Characters of a value, before and after it is encoded, that are looked at."""
_PATH: Final = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""A path, perhaps with a query and a fragment; no host can follow, for that takes a second slash or backslash."""
_HOSTILE: Final = re.compile(r"//|[\x00-\x1f\x7f\\]")
"""What the decoded path must not hold: it could become a host, or a line of its own in a header."""
_PLAIN: Final = "/?#%!$&'()*+,-.:;=@[]_~"
"""What stays as it is, besides letters and digits; everything else is percent-encoded."""


def same_origin_path(value: str | None, fallback: str = "/") -> str:
    """``value``, such as a ``next`` parameter, as a path on this site with its query and fragment, or else ``fallback``.

    What comes back is printable ASCII, at most `MAX_LENGTH` characters, and safe in a ``Location`` header: whatever is not is
    percent-encoded as UTF-8. ``fallback`` is the application's own and is given back as it is. Whole addresses are refused,
    this site's own too, and so are paths with ``//``, backslashes or control characters, encoded or not; a query may hold them
    encoded.
    """
    if value is None or len(value) > MAX_LENGTH or not _PATH.fullmatch(value) or value != value.strip():
        return fallback
    path = re.split(r"[?#]", value, maxsplit=1)[0]
    if _HOSTILE.search(unquote(path, errors="replace")):
        return fallback
    try:
        encoded = quote(value, safe=_PLAIN)
    except UnicodeEncodeError:  # half of a surrogate pair
        return fallback
    return encoded if len(encoded) <= MAX_LENGTH else fallback
