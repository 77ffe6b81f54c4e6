"""The digest of a night by e-mail: subject, plain text and HTML, in French or in English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from models.policy.sections.alerts import SEVERITIES
from models.wording.formats import day, euros, is_one, number
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from jinja2 import Template

    from serving.store import AlertRow

MOST_TOLD = 20
"""Largest number of alerts in a digest; the others are counted."""
_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "subject": "Encours{space}: {count} ({day})",
        "alert": "{n} alerte",
        "alerts": "{n} alertes",
        "urgent": ", dont {n} urgente",
        "urgents": ", dont {n} urgentes",
        "intro": "Ce qui a changé jusqu'au {day}",
        "exposure": "Encours",
        "rest": "Autres alertes{space}: {n}",
        "open": "Toutes les alertes",
        "severity": {"high": "Urgente", "medium": "À regarder", "low": "Pour information"},
        "colon": f"{SPACE}: ",
    },
    "en": {
        "subject": "Encours: {count} ({day})",
        "alert": "{n} alert",
        "alerts": "{n} alerts",
        "urgent": ", {n} urgent",
        "urgents": ", {n} urgent",
        "intro": "What changed until {day}",
        "exposure": "Exposure",
        "rest": "Other alerts: {n}",
        "open": "All alerts",
        "severity": {"high": "Urgent", "medium": "Worth a look", "low": "For information"},
        "colon": ": ",
    },
}


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One alert in words."""

    name: str
    severity: str
    severity_words: str
    sentence: str
    because: str
    exposure: str
    url: str


def digest(alerts: Sequence[AlertRow], as_of: dt.date, language: str, public_url: str) -> dict[str, str]:
    """Return the digest of some alerts as `subject`, `text` and `html`.

    Parameters
    ----------
    alerts
        The most urgent first, at least one.
    public_url
        Address of the pages; empty for a digest without links.
    """
    w, base = _WORDS[language], public_url.rstrip("/")
    urgent = sum(alert.severity == SEVERITIES[0] for alert in alerts)
    count = _counted(len(alerts), "alert", language)
    if urgent:
        count += _counted(urgent, "urgent", language)
    intro = w["intro"].format(day=day(as_of, language))
    lines = [_line(alert, language, base) for alert in alerts[:MOST_TOLD]]
    left = len(alerts) - len(lines)
    rest = w["rest"].format(n=number(left, language), space=SPACE) if left else ""
    link = f"{base}/alerts" if base else ""
    text = [intro, *(_text(line, w) for line in lines), *([rest] if rest else []), *([link] if link else [])]
    html = _template().render(intro=intro, lines=lines, rest=rest, link=link, w=w, lang=language)
    subject = w["subject"].format(count=count, day=day(as_of, language), space=SPACE)
    return {"subject": subject, "text": "\n\n".join(text) + "\n", "html": html}


def _line(alert: AlertRow, language: str, base: str) -> DigestLine:
    is_french = language == "fr"
    return DigestLine(
        name=alert.name or alert.customer_id,
        severity=alert.severity,
        severity_words=_WORDS[language]["severity"][alert.severity],
        sentence=alert.sentence_fr if is_french else alert.sentence_en,
        because=alert.because_fr if is_french else alert.because_en,
        exposure=euros(alert.open_eur, language),
        url=f"{base}/customers/{quote(alert.customer_id)}" if base else "",
    )


def _text(line: DigestLine, w: dict[str, Any]) -> str:
    exposure = f"{w['exposure']}{w['colon']}{line.exposure}"
    told = [f"[{line.severity_words}] {line.name}", line.sentence, line.because, exposure, line.url]
    return "\n".join(one for one in told if one)


def _counted(count: int, what: str, language: str) -> str:
    form = what if is_one(count, language) else f"{what}s"
    return str(_WORDS[language][form].format(n=number(count, language)))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # a tenth of a command's start

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(Path(__file__).with_name("digest.html").read_text(encoding="utf-8"))
