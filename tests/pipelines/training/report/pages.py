"""Reads pages the way a browser begins to: tags that close, what they refer to, what pictures tell."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "hr", "link", "input"}
REFERRING = ("href", "src", "xlink:href", "action", "data", "poster")


@dataclass
class Page(HTMLParser):
    """What a page holds: its language, titles, references and pictures without words."""

    lang: str = ""
    titles: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    silent_pictures: list[str] = field(default_factory=list)
    pictures: int = 0
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.lang = told.get("lang") or ""
        self.references += [value or "" for name, value in attrs if name in REFERRING]
        if tag in ("img", "svg"):
            self.pictures += 1
            self.silent_pictures.append(tag)
        if tag == "img" and told.get("alt"):
            self.silent_pictures.pop()
        if tag in ("h1", "h2", "h3"):
            self.titles.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note nothing: a mark inside a picture."""

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("h1", "h2", "h3"):
            self.titles[-1] += data
        if self._open[-2:] == ["svg", "title"] and data:
            self.silent_pictures.pop()

    def close(self) -> None:
        super().close()
        assert not self._open, f"{self._open} stay open"


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page
