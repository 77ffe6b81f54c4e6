"""Sentences on a company's insolvency status, in French and in English.

Owns the sentences on proceedings, plans and unread judgments, shared by pages, sheets, lists, alerts and
decisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.wording.numerals import unbroken

if TYPE_CHECKING:
    import datetime as dt

    from models.law.insolvency import Insolvency, ProceedingStep, Stage
    from models.wording.formats import Bilingual


KINDS: dict[str, Bilingual] = {
    "safeguard": ("sauvegarde", "safeguard"),
    "receivership": ("redressement judiciaire", "receivership"),
    "liquidation": ("liquidation judiciaire", "liquidation"),
}
"""French and English names of the proceedings."""
_BODACC = "BODACC"
_MONTHS = {2: ("deux mois", "two months"), 4: ("quatre mois", "four months")}

_NO_REMINDER: Bilingual = (
    (
        "Ni relance ni mise en demeure : une créance née avant l'ouverture n'est ni payée ni poursuivie "
        "(L622-7, L622-21)."
    ),
    (
        "No reminder and no formal notice: a claim from before the opening may be neither paid nor sued for "
        "(L622-7, L622-21)."
    ),
)
_TODO: dict[ProceedingStep, Bilingual] = {
    "declare": (
        "Déclarer la créance avant le {by} ({left} ; {term} après la publication, R622-24 C. com.).",
        "Declare the claim by {by} ({left}; {term} after the publication, R622-24 C. com.).",
    ),
    "relief": (
        (
            "Délai de déclaration de la créance expiré le {by} (R622-24 C. com.). Si elle n'a pas été "
            "déclarée : demander le relevé de forclusion avant le {relief} (L622-26)."
        ),
        (
            "The time to declare the claim ran out on {by} (R622-24 C. com.). Where it was not declared: ask "
            "to be relieved before {relief} (L622-26)."
        ),
    ),
    "follow": (
        (
            "Délais de déclaration (expiré le {by}) et de relevé de forclusion (expiré le {relief}) passés : "
            "suivre la procédure ; une créance non déclarée n'a pas part aux répartitions (L622-26 C. com.)."
        ),
        (
            "The times to declare (until {by}) and to be relieved (until {relief}) are over: follow the "
            "proceeding; an undeclared claim takes no part in distributions (L622-26 C. com.)."
        ),
    ),
}
_PLAN: Bilingual = (
    (
        "Risque à suivre : les créances d'avant l'ouverture se paient selon le plan, sans relance ; les "
        "nouvelles, à leur échéance."
    ),
    (
        "A risk to watch: claims from before the opening are paid by the plan, without reminders; new ones "
        "when they are due."
    ),
)


@dataclass(frozen=True, slots=True)
class InsolvencyNotice:
    """Insolvency status of a company, with the action due and its deadline, in words.

    Parameters
    ----------
    stage
        `open`, `plan`, or `none` where there is only a judgment to read.
    step
        Step due on claims from before the opening: `declare`, `relief` or `follow`; None where no proceeding
        is open.
    declare_by, relief_by
        The deadlines to declare a claim, and to ask for relief of a missed declaration.
    title_fr, title_en
        The judgment, its date, and its publication.
    todo_fr, todo_en
        The action due from a creditor.
    unread_fr, unread_en
        The judgment to be read by a person; None without one.
    """

    stage: Stage
    kind: str | None
    judged_on: dt.date | None
    opened_on: dt.date | None
    published_on: dt.date | None
    source: str | None
    step: ProceedingStep | None
    declare_by: dt.date | None
    relief_by: dt.date | None
    plan_until: dt.date | None
    title_fr: str
    title_en: str
    todo_fr: str
    todo_en: str
    unread_on: dt.date | None
    unread_fr: str | None
    unread_en: str | None

    @property
    def sentences(self) -> Bilingual:
        """All sentences together, in French and in English."""
        parts = (
            (self.title_fr, self.title_en), (self.todo_fr, self.todo_en),
            (self.unread_fr or "", self.unread_en or ""),
        )  # fmt: skip
        fr, en = (" ".join(part[place] for part in parts if part[place]) for place in (0, 1))
        return fr, en


def notice_of(found: Insolvency, as_of: dt.date, months: int) -> InsolvencyNotice:
    """Build the notice of a company's insolvency status.

    Parameters
    ----------
    months
        Months after the opening's publication within which a claim must be declared.
    """
    title, todo = _title_and_todo(found, as_of, months)
    unread = unread_words(found)
    return InsolvencyNotice(
        stage=found.stage,
        kind=found.kind,
        judged_on=found.judged_on,
        opened_on=found.opened_on,
        published_on=found.published_on,
        source=found.source,
        step=found.step(as_of, months),
        declare_by=found.declare_by(months),
        relief_by=found.relief_by(),
        plan_until=found.plan_until,
        title_fr=unbroken(title[0]),
        title_en=title[1],
        todo_fr=unbroken(todo[0]),
        todo_en=todo[1],
        unread_on=found.unread_on,
        unread_fr=unread[0] if unread else None,
        unread_en=unread[1] if unread else None,
    )


def day_words(day: dt.date | None) -> Bilingual:
    """Format a day, in French and in English.

    Examples
    --------
    >>> import datetime as dt
    >>> day_words(dt.date(2026, 4, 10))
    ('10/04/2026', '2026-04-10')
    """
    return ("—", "—") if day is None else (f"{day:%d/%m/%Y}", day.isoformat())


def kind_words(found: Insolvency) -> Bilingual:
    """Return the name of the proceeding or of the plan; an unread judgment where neither is known."""
    if found.kind is None:
        return "jugement à lire", "a judgment to read"
    fr, en = KINDS[found.kind]
    return (f"plan de {fr}", f"{en} plan") if found.has_plan else (fr, en)


def unread_words(found: Insolvency) -> Bilingual | None:
    """Return the sentence on an unread judgment, None without one."""
    if found.unread_on is None:
        return None
    fr, en = day_words(found.unread_on)
    where = f" ({found.unread_source})" if found.unread_source else ""
    return (
        unbroken(
            f"Jugement du {fr} non compris{where} : une personne le lit avant toute décision ou relance."
        ),
        f"The judgment of {en} was not understood{where}: a person reads it before any decision or reminder.",
    )


def _title_and_todo(found: Insolvency, as_of: dt.date, months: int) -> tuple[Bilingual, Bilingual]:
    if found.has_plan:
        return _plan(found), _PLAN
    step = found.step(as_of, months)
    if step is None:
        return ("", ""), ("", "")
    return _opening(found), _todo(found, as_of, months, step)


def _opening(found: Insolvency) -> Bilingual:
    (fr, en), (judged_fr, judged_en) = kind_words(found), day_words(found.judged_on)
    published_fr, published_en = day_words(found.published_on)
    opened_fr, opened_en = day_words(found.opened_on)
    is_bodacc = (found.source or _BODACC).startswith(_BODACC)
    first_fr = first_en = ""
    if found.opened_on != found.judged_on:
        first_fr, first_en = f" (procédure ouverte le {opened_fr})", f" (opened on {opened_en})"
    known = (
        (
            f"ouverture publiée au BODACC le {published_fr}",
            f"opening published in the BODACC on {published_en}",
        )
        if is_bodacc
        else (
            f"connue depuis le {published_fr} ({found.source}) ; date de publication au BODACC à vérifier",
            f"known since {published_en} ({found.source}); check the date of publication in the BODACC",
        )
    )
    return (
        f"{_capital(fr)} : jugement du {judged_fr}{first_fr}, {known[0]}.",
        f"{_capital(en)}: judgment of {judged_en}{first_en}, {known[1]}.",
    )


def _todo(found: Insolvency, as_of: dt.date, months: int, step: ProceedingStep) -> Bilingual:
    declare_by = found.declare_by(months)
    by, relief = day_words(declare_by), day_words(found.relief_by())
    left = 0 if declare_by is None else (declare_by - as_of).days
    terms = _MONTHS.get(months, (f"{months} mois", f"{months} months"))
    days = (
        f"il reste {left} jour{'s' if left > 1 else ''}" if left > 0 else "dernier jour",
        f"{left} day{'' if left == 1 else 's'} left" if left > 0 else "the last day",
    )
    fr, en = (
        f"{_TODO[step][lang]} {_NO_REMINDER[lang]}".format(
            by=by[lang], relief=relief[lang], left=days[lang], term=terms[lang]
        )
        for lang in (0, 1)
    )
    return fr, en


def _plan(found: Insolvency) -> Bilingual:
    (fr, en), (judged_fr, judged_en) = kind_words(found), day_words(found.judged_on)
    until_fr, until_en = day_words(found.plan_until)
    return (
        f"{_capital(fr)} arrêté le {judged_fr}, jusqu'au {until_fr} au plus tard (L626-12 C. com.).",
        f"{_capital(en)} adopted on {judged_en}, until {until_en} at the latest (L626-12 C. com.).",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
