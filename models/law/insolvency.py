"""Rules of insolvency proceedings for a creditor: open proceedings, prohibitions, deadlines to declare.

Owns the rules of book VI C. com. that concern a supplier: claims from before the opening may be neither paid
nor sued for (L622-7, L622-21), but are declared within two months of its publication in the BODACC (R622-24);
relief of a missed declaration is asked for within six (L622-26); a plan lasts at most ten years, fifteen in
farming (L626-12). Safeguard and receivership share these rules with liquidation (L631-14, L641-3).
`models.policy` and `models.portfolio` apply them to orders and reminders; `insolvency_words` has the wording.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from models.law.legal_terms import months_later
from models.ledger.tables import PLANS, PROCEEDING_ENDED, PROCEEDINGS, UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DECLARE_MONTHS = 2
"""Months from the opening's publication in the BODACC: R622-24 C. com."""
DECLARE_MONTHS_AWAY = 4
"""The same for creditors outside metropolitan France: R622-24 C. com."""
RELIEF_MONTHS = 6
"""Months in which to ask for relief of a missed declaration: L622-26 C. com."""
PLAN_YEARS, FARM_PLAN_YEARS = 10, 15
"""The longest plan, in general and in farming: L626-12 C. com."""
LAPSE_YEARS = 10
"""Years after which a proceeding without further publication lapses, as in the State's own list."""
FARMING_NAF = ("01", "03.2")
"""Prefixes of the NAF codes that count as farming (art. L311-1 C. rur.): crops, livestock, fish farming."""

Stage = Literal["open", "plan", "none"]
ProceedingStep = Literal["declare", "relief", "follow"]


@dataclass(frozen=True, slots=True)
class Judgment:
    """A judgment about one company that has not been withdrawn.

    Parameters
    ----------
    kind
        Of `models.ledger.tables.JUDGMENTS`.
    published_on
        Day of publication, from which it is known.
    source
        Its reference, such as `BODACC A202600017`; None where unknown.
    """

    kind: str
    judged_on: dt.date
    published_on: dt.date
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Insolvency:
    """Insolvency status of a company on a day.

    Parameters
    ----------
    stage
        `open`: a proceeding is open; `plan`: a plan is running; `none`: neither, but a judgment is unread.
    kind
        `safeguard`, `receivership` or `liquidation`; for a plan, the proceeding that it ended. None at
        `none`.
    judged_on
        The judgment that set the stage: the opening, a conversion, or the plan.
    opened_on, published_on, source
        The judgment that opened the proceeding, its publication and its reference; None where only the plan
        was published.
    plan_until
        Latest end of a running plan; None without one.
    unread_on, unread_source
        The newest judgment that could not be interpreted and that no later one superseded; None without one.
    """

    stage: Stage
    kind: str | None = None
    judged_on: dt.date | None = None
    opened_on: dt.date | None = None
    published_on: dt.date | None = None
    source: str | None = None
    plan_until: dt.date | None = None
    unread_on: dt.date | None = None
    unread_source: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether a proceeding is open."""
        return self.stage == "open"

    @property
    def has_plan(self) -> bool:
        """Whether a plan is running."""
        return self.stage == "plan"

    @property
    def is_unread(self) -> bool:
        """Whether a judgment has to be read by a person."""
        return self.unread_on is not None

    def declare_by(self, months: int) -> dt.date | None:
        """Return the deadline to declare a claim, None where no proceeding is open.

        It is not extended to the next working day (art. 642 CPC): an early date is safe, a late one is not.
        """
        return months_later(self.published_on, months) if self.is_open and self.published_on else None

    def relief_by(self) -> dt.date | None:
        """Return the deadline to ask for relief of a missed declaration, None where no proceeding is open."""
        return self.declare_by(RELIEF_MONTHS)

    def step(self, as_of: dt.date, months: int) -> ProceedingStep | None:
        """Return the step due on claims from before the opening; None without an open proceeding."""
        declare_by, relief_by = self.declare_by(months), self.relief_by()
        if declare_by is None or relief_by is None:
            return None
        return "declare" if as_of <= declare_by else "relief" if as_of <= relief_by else "follow"

    def document(self) -> dict[str, Any]:
        """Return the status as plain JSON values, dates in ISO form."""
        values = asdict(self)
        return {name: one.isoformat() if isinstance(one, dt.date) else one for name, one in values.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Build from JSON values; keys unknown to this version are ignored."""
        known = {field.name: document[field.name] for field in fields(cls) if field.name in document}
        for name, value in known.items():
            if isinstance(value, str) and name.endswith(("_on", "_until")):
                known[name] = dt.date.fromisoformat(value)
        return cls(**known)


def is_farming(naf: str | None) -> bool:
    """Return whether a NAF code counts as farming.

    Examples
    --------
    >>> is_farming("01.21Z"), is_farming("46.31Z"), is_farming(None)
    (True, False, False)
    """
    return (naf or "").startswith(FARMING_NAF)


def insolvency_of(
    judgments: Iterable[Judgment], as_of: dt.date, *, farming: bool = False
) -> Insolvency | None:
    """Return a company's insolvency status by the judgments published until a day, None if none applies.

    A proceeding is open while neither an end nor a plan was judged after its newest opening, and for
    `LAPSE_YEARS` at most; a conversion continues the proceeding. A plan runs from its judgment until an end,
    a new opening, or the longest duration that the law allows.

    Parameters
    ----------
    judgments
        Those not withdrawn, in any order; later publications are ignored.
    farming
        Whether the company is in farming, which allows a longer plan.
    """
    known = [one for one in judgments if one.published_on <= as_of]
    openings = [one for one in known if one.kind in PROCEEDINGS]
    plans = [one for one in known if one.kind in PLANS]
    ends = [one for one in known if one.kind == PROCEEDING_ENDED]
    newest = {
        name: max((one.judged_on for one in judged), default=dt.date.min)
        for name, judged in (("opening", openings), ("plan", plans), ("end", ends))
    }
    found = _open(openings, newest, as_of) or _plan(openings, plans, newest, as_of, farming=farming)
    unread = _unread(known, max(newest.values()), as_of)
    if unread is None:
        return found
    return replace(found or Insolvency("none"), unread_on=unread.judged_on, unread_source=unread.source)


def _open(openings: list[Judgment], newest: Mapping[str, dt.date], as_of: dt.date) -> Insolvency | None:
    last, over = newest["opening"], max(newest["end"], newest["plan"])
    if not openings or over > last or as_of >= _years_later(last, LAPSE_YEARS):
        return None
    current = [one for one in openings if one.judged_on >= over]
    first = min(current, key=_order)
    now = max(current, key=lambda one: (one.judged_on, PROCEEDINGS.index(one.kind)))
    return Insolvency("open", now.kind, now.judged_on, first.judged_on, first.published_on, first.source)


def _plan(
    openings: list[Judgment],
    plans: list[Judgment],
    newest: Mapping[str, dt.date],
    as_of: dt.date,
    *,
    farming: bool,
) -> Insolvency | None:
    if not plans or newest["end"] > newest["plan"] or newest["opening"] >= newest["plan"]:
        return None
    last = max(plans, key=lambda one: (one.judged_on, one.kind))
    until = _years_later(last.judged_on, FARM_PLAN_YEARS if farming else PLAN_YEARS)
    if as_of >= until:
        return None
    before = [one for one in openings if newest["end"] <= one.judged_on <= last.judged_on]
    first = min(before, key=_order, default=None)
    kind = last.kind.removesuffix("_plan")
    found = Insolvency("plan", kind, last.judged_on, plan_until=until)
    if first is None:
        return found
    return replace(found, opened_on=first.judged_on, published_on=first.published_on, source=first.source)


def _unread(known: list[Judgment], understood_on: dt.date, as_of: dt.date) -> Judgment | None:
    """Return the newest judgment not interpreted, None if a later one was, or if it has lapsed."""
    unread = [
        one
        for one in known
        if one.kind == UNREAD
        and one.judged_on >= understood_on
        and as_of < _years_later(one.judged_on, LAPSE_YEARS)
    ]
    return max(unread, key=_order, default=None)


def _order(one: Judgment) -> tuple[dt.date, dt.date, str]:
    return one.judged_on, one.published_on, one.source or ""


def _years_later(day: dt.date, years: int) -> dt.date:
    return months_later(day, 12 * years)
