"""QR codes: an SVG document that stands by itself, shows nothing but the code, and holds the text."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

import segno

from cognito_auth.effects import Compute
from cognito_auth.web.qr import qr_svg
from tests.support.scripted import Scripted

SVG: Final = "{http://www.w3.org/2000/svg}"
TEXT: Final = 'otpauth://totp/Tests:ana"><script>?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tests'
QUIET_ZONE: Final = 4
SCALE: Final = 4


def drawn(text: str) -> ET.Element:
    driver = Scripted()
    document = driver.run(qr_svg(text))
    assert [type(effect) for effect in driver.asked] == [Compute], "drawing takes milliseconds, so it is not the event loop's"
    assert document is not None
    return ET.fromstring(document)


def dark_modules(document: ET.Element) -> set[tuple[int, int]]:
    """Column and row of each dark module: the path moves, and draws each run of modules as a line through their middle."""
    (lines,) = [each.get("d") or "" for each in document.iter(f"{SVG}path") if each.get("stroke")]
    found: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", lines):
        values = [float(each) for each in numbers.split()]
        if command == "h":
            found |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = values if command == "M" else (x + values[0], y + values[1])
    return found


def test_it_is_a_document_of_nothing_but_the_code() -> None:
    document = drawn(TEXT)
    assert document.tag == f"{SVG}svg"
    assert {each.tag for each in document.iter()} <= {f"{SVG}{name}" for name in ("svg", "g", "path")}
    names = {name for each in document.iter() for name in each.attrib}
    assert names <= {"width", "height", "transform", "fill", "stroke", "d"}


def test_it_holds_the_text_dark_on_light_with_the_quiet_zone() -> None:
    document = drawn(TEXT)
    matrix = segno.make_qr(TEXT).matrix
    expected = {
        (column + QUIET_ZONE, row + QUIET_ZONE) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark
    }
    assert dark_modules(document) == expected
    assert int(document.get("width") or 0) == SCALE * (len(matrix) + 2 * QUIET_ZONE)
    (ground,) = [each for each in document.iter(f"{SVG}path") if each.get("fill")]
    assert ground.get("fill") == "#fff"


def test_another_text_is_another_code() -> None:
    assert dark_modules(drawn("one")) != dark_modules(drawn("another"))
