"""QR codes as SVG, where the extra ``qr`` is installed."""

from __future__ import annotations

from typing import Final

from ..effects import Compute, Flow, perform

_SCALE: Final = 4
"""Pixels of a module, unless the page says otherwise."""


def qr_svg(text: str) -> Flow[str | None]:
    """The QR code (ISO/IEC 18004) of ``text`` as an SVG document, black on white; ``None`` without the extra.

    The document shows on a page as it is, and in an ``img`` by a ``data:`` address.
    """
    return (yield from perform(Compute(lambda: _drawn(text))))


def _drawn(text: str) -> str | None:
    try:
        import segno
    except ImportError:
        return None
    drawn = segno.make_qr(text).svg_inline(scale=_SCALE, light="#fff", svgclass=None, lineclass=None)
    # segno leaves the namespace out, without which the document is no image of its own.
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
