"""One page of paper: texts, facts and rows set under one another, smaller where they would not fit.

Owns the fonts, the measures, the tags that a screen reader reads by, and the promise of one page. Its content
is the sheet's.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from models.errors import CreditError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from fpdf import FPDF

    from models.wording.formats import Language

FONTS = Path(__file__).with_name("fonts")
"""DejaVu Sans, cut to the Latin, Greek and Cyrillic alphabets and to signs."""
MARGIN_MM, WIDTH_MM, HEIGHT_MM = 15.0, 210.0, 297.0
SCALES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.5, 0.4)
LONGEST = 400
"""Longest text, in letters; only typed texts without end are longer."""
UNBROKEN = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_POINT_MM = 25.4 / 72
_INK, _SOFT = 27, 95


class Paper:
    """A page under way.

    Parameters
    ----------
    title
        Of the document.
    at
        When it is made; written into the file, so that the same content gives the same file.
    language
        Of the texts, for a screen reader.
    """

    def __init__(self, title: str, at: dt.datetime, language: Language) -> None:
        self._title, self._at, self._language = title, at, language
        self._pdf = self._blank()
        self._scale, self._dry, self._y = 1.0, True, MARGIN_MM

    def one_page(self, write: Callable[[Paper], None]) -> bytes:
        """Return the page as a PDF, set as large as it fits; a paper is written once.

        Parameters
        ----------
        write
            Sets everything; it is called to measure before it is called to write.

        Raises
        ------
        CreditError
            It does not fit at the smallest size: more is set than a sheet holds.
        """
        try:
            for scale in SCALES:
                self._begin(scale, dry=True)
                write(self)
                if self._y <= HEIGHT_MM - MARGIN_MM:
                    self._begin(scale, dry=False)
                    write(self)
                    return bytes(self._pdf.output())
        finally:
            self._close()
        raise CreditError(
            f"the sheet is {self._y:.0f} mm long at the smallest size; {HEIGHT_MM:.0f} mm are allowed"
        )

    def heading(self, text: str, above: str) -> None:
        """Set whom the page is about, under what the page is."""
        self._set(above, 9, soft=True)
        self._set(text, 16, strong=True, tag="H1")

    def title(self, text: str) -> None:
        """Set a title with room above it."""
        self._y += 2.2 * self._scale
        self._set(text, 10.5, strong=True, tag="H2")

    def strong(self, text: str) -> None:
        """Set the one text of the page that is read first."""
        self._set(text, 13, strong=True)

    def text(self, text: str, *, soft: bool = False, apart: bool = False) -> None:
        """Set a text over the whole width; `apart` leaves room above it."""
        self._y += 1.2 * self._scale if apart else 0.0
        self._set(text, 8.5, soft=soft)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Set pairs of a name and a figure, three in a row."""
        self._y += 1.2 * self._scale
        width = (WIDTH_MM - 2 * MARGIN_MM) / 3
        for first in range(0, len(facts), 3):
            top, lowest = self._y, self._y
            for place, (name, figure) in enumerate(facts[first : first + 3]):
                self._y = top
                left = MARGIN_MM + place * width
                self._set(name, 7.5, soft=True, left=left, width=width - 4)
                self._set(figure, 9, strong=True, left=left, width=width - 4)
                lowest = max(lowest, self._y)
            self._y = lowest + 0.8 * self._scale

    def row(self, label: str, below: str, figure: str, *, strong: bool = False) -> None:
        """Set a label with a line below it, and its figure on the right."""
        top, width = self._y + 0.6 * self._scale, WIDTH_MM - 2 * MARGIN_MM
        self._y = top
        self._set(label, 8.5, strong=strong, width=width - 38)
        if below:
            self._set(below, 7, soft=True, width=width - 38)
        bottom, self._y = self._y, top
        self._set(figure, 8.5, strong=strong, left=MARGIN_MM + width - 34, width=34, align="R")
        self._y = max(bottom, self._y)

    def _close(self) -> None:
        """Close the fonts' files, which the library reads from until the end and leaves open."""
        from fpdf.fonts import TTFFont  # noqa: PLC0415  # loaded with the library

        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _begin(self, scale: float, *, dry: bool) -> None:
        self._scale, self._dry, self._y = scale, dry, MARGIN_MM

    def _set(
        self,
        text: str,
        points: float,
        *,
        strong: bool = False,
        soft: bool = False,
        left: float = MARGIN_MM,
        width: float = WIDTH_MM - 2 * MARGIN_MM,
        align: str = "L",
        tag: str = "P",
    ) -> None:
        """Set a text at the present height, and go below it."""
        size = points * self._scale
        line = size * _POINT_MM * 1.3
        plain = "".join(letter if letter.isprintable() or letter in UNBROKEN else " " for letter in text)
        cut = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
        self._pdf.set_font("sheet", "B" if strong else "", size)
        self._pdf.set_text_color(_SOFT if soft else _INK)
        self._pdf.set_xy(left, self._y)
        if self._dry:
            height = self._pdf.multi_cell(width, line, cut, align=align, dry_run=True, output="HEIGHT")
            self._y += cast("float", height)
            return
        with self._tagged(tag):
            self._pdf.multi_cell(width, line, cut, align=align)
        self._y = self._pdf.get_y()

    @contextmanager
    def _tagged(self, tag: str) -> Iterator[None]:
        """Mark what is set as an element of the document's structure: the library tags figures alone."""
        number = self._pdf.struct_builder.next_mcid_for_page(self._pdf.page)
        self._pdf._add_marked_content(struct_type=f"/{tag}", mcid=number)  # noqa: SLF001  # no public way
        self._pdf._out(f"/{tag} <</MCID {number}>> BDC")  # noqa: SLF001  # as above
        yield
        self._pdf._out("EMC")  # noqa: SLF001  # as above

    def _blank(self) -> FPDF:
        from fpdf import FPDF  # noqa: PLC0415  # half a second, only where a sheet is taken
        from fpdf.prefs import ViewerPreferences  # noqa: PLC0415  # as above

        pdf = FPDF(format="A4")
        pdf.set_auto_page_break(auto=False)
        pdf.set_margin(MARGIN_MM)
        pdf.set_title(self._title)
        pdf.set_lang(self._language)
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        pdf.set_creation_date(self._at)
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            pdf.add_font("sheet", style, FONTS / name)
        pdf.add_page()
        return pdf
