"""What no sentence may hold, in either language: for tests of texts that people read."""

import re
from typing import Literal

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_SPACES = f" \N{NO-BREAK SPACE}{_NARROW}"
_FAULTS: dict[str, str] = {
    "a straight quotation mark": '"',
    "two spaces": f"[{_SPACES}]{{2}}",
    "a figure without its separators": r"(?<![\w/-])\d{5,}|(?<![\w/.-])(?!(?:19|20)\d\d(?!\d))\d{4}(?![\w-])",
    "a space before a full stop, a comma or a closing bracket": f"[{_SPACES}][.,)]",
    "a hyphen for a minus sign": r"(?:^|[ (])-\d",
    "a figure that is none": r"\b(?:nan|inf|None)\b",
}
_FRENCH: dict[str, str] = {
    "a sign without its narrow space": rf"[^{_NARROW}\d(][;:!?%€»]|\d[;!?%€»]|«(?!{_NARROW})",
    "a decimal point": r"\d\.\d",
    "an English quotation mark": "[“”]",
}
_ENGLISH: dict[str, str] = {
    "a sign set off as in French": f"[{_SPACES}][;:!?%]",
    "a French quotation mark": "[«»]",
}


def faults(text: str, language: Literal["fr", "en"]) -> list[str]:
    """Return what is wrong with the setting of a sentence, in words; nothing where all is well."""
    rules = _FAULTS | (_FRENCH if language == "fr" else _ENGLISH)
    return [f"{what}: {text!r}" for what, pattern in rules.items() if re.search(pattern, text)]
