"""Reads a picture back: what is drawn where, and whether it stays on the canvas."""

from xml.etree.ElementTree import Element, fromstring

from models.drawing.canvas import Picture


def root(picture: Picture) -> Element:
    return fromstring(str(picture.svg))


def texts(picture: Picture) -> list[str]:
    return [one.text or "" for one in root(picture).iter("text")]


def with_class(picture: Picture, tag: str, name: str) -> list[Element]:
    return [one for one in root(picture).iter(tag) if name in (one.get("class") or "").split()]


def outside(picture: Picture) -> list[str]:
    """Return what is drawn beyond the canvas."""
    svg = root(picture)
    _, _, width, height = (float(side) for side in svg.attrib["viewBox"].split())
    found = []
    for one in svg.iter():
        for x, y in _corners(one):
            if not (-0.01 <= x <= width + 0.01 and -0.01 <= y <= height + 0.01):
                found.append(f"{one.tag} {one.attrib} at {x}, {y}")
    return found


def _corners(one: Element) -> list[tuple[float, float]]:
    at = {name: float(one.get(name, 0)) for name in ("x", "y", "width", "height", "cx", "cy", "r")}
    match one.tag:
        case "rect":
            return [(at["x"], at["y"]), (at["x"] + at["width"], at["y"] + at["height"])]
        case "circle":
            return [(at["cx"] - at["r"], at["cy"] - at["r"]), (at["cx"] + at["r"], at["cy"] + at["r"])]
        case "line":
            return [(float(one.attrib[f"x{end}"]), float(one.attrib[f"y{end}"])) for end in (1, 2)]
        case "polygon" | "polyline":
            pairs = one.attrib["points"].split()
            return [(float(x), float(y)) for x, y in (pair.split(",") for pair in pairs)]
        case "text":
            return [(at["x"], at["y"])]
        case _:
            return []


def is_accessible(picture: Picture) -> bool:
    """Tell whether a screen reader finds a name, a description and the same figures as a table."""
    svg = root(picture)
    title, description = svg.findtext("title"), svg.findtext("desc")
    told = svg.get("role") == "img" and bool(title) and description == picture.sentence
    even = all(len(row) == len(picture.head) for row in picture.rows)
    return told and even and bool(picture.rows)
