"""A closing: the provisions of every claim on a day, with the rates and the night that they come from.

Owns its totals, the explanation of what the matrix and the probabilities differ by, and the stored form.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, astuple, dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from models.errors import CreditError
from models.policy.sections.provisions import DOUBTFUL_REASONS
from models.portfolio.aging import BANDS
from models.portfolio.provision_matrix import Flow, LossRates
from models.portfolio.provisions import ProvisionLine, matrix_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORM = 1
"""Version of the stored form."""


@dataclass(frozen=True, slots=True)
class NightUsed:
    """The night that default probabilities come from."""

    run_id: int
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Closing:
    """Provisions on a day.

    Parameters
    ----------
    policy_version, policy_hash
        The policy that they were computed by.
    vat_share, lgd_share
        Of that policy.
    rates
        Loss rates by segment; the empty name is the whole portfolio.
    monthly
        Flows of the whole portfolio by month, the latest first.
    own_rates_from
        The first day on which a year of own outcomes is known; None without invoices.
    night
        None where no night on or before the day is stored.
    unused_credit_cents
        Credits of customers beyond their debts.
    """

    as_of: dt.date
    currency: str
    policy_version: str
    policy_hash: str
    vat_share: float
    lgd_share: float
    rates: tuple[LossRates, ...]
    monthly: tuple[tuple[dt.date, tuple[Flow, ...]], ...]
    own_rates_from: dt.date | None
    night: NightUsed | None
    lines: tuple[ProvisionLine, ...]
    unused_credit_cents: int = 0

    def document(self) -> dict[str, Any]:
        """Return totals, matrix, doubtful claims and rates as plain JSON values, without the lines."""
        return {
            "as_of": self.as_of.isoformat(),
            "currency": self.currency,
            "policy_version": self.policy_version,
            "policy_hash": self.policy_hash,
            "vat_share": self.vat_share,
            "lgd_share": self.lgd_share,
            "night": None
            if self.night is None
            else {"run_id": self.night.run_id, "as_of": self.night.as_of.isoformat()},
            "own_rates_from": None if self.own_rates_from is None else self.own_rates_from.isoformat(),
            "totals": _totals(self.lines),
            "unused_credit_eur": self.unused_credit_cents / 100,
            "matrix": [_euros(asdict(row)) for row in matrix_rows(self.lines)],
            "doubtful": _by_reason(self.lines),
            "difference": _difference(self.lines),
            "rates": [_rates_document(one) for one in self.rates],
        }

    def stored(self) -> dict[str, Any]:
        """Return the closing in its stored form, lines by column order."""
        return {
            "form": FORM,
            "as_of": self.as_of.isoformat(),
            "currency": self.currency,
            "policy_version": self.policy_version,
            "policy_hash": self.policy_hash,
            "vat_share": self.vat_share,
            "lgd_share": self.lgd_share,
            "rates": [asdict(one) for one in self.rates],
            "monthly": [[day.isoformat(), [astuple(flow) for flow in flows]] for day, flows in self.monthly],
            "own_rates_from": None if self.own_rates_from is None else self.own_rates_from.isoformat(),
            "night": None if self.night is None else [self.night.run_id, self.night.as_of.isoformat()],
            "unused_credit_cents": self.unused_credit_cents,
            "columns": [field.name for field in fields(ProvisionLine)],
            "lines": [_stored_line(line) for line in self.lines],
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read the stored form.

        Raises
        ------
        CreditError
            A newer version wrote it.
        """
        if stored["form"] != FORM:
            raise CreditError(f"the closing is stored in form {stored['form']}; this program reads {FORM}")
        night, known = stored["night"], stored["own_rates_from"]
        return cls(
            dt.date.fromisoformat(stored["as_of"]),
            stored["currency"],
            stored["policy_version"],
            stored["policy_hash"],
            stored["vat_share"],
            stored["lgd_share"],
            tuple(_rates(one) for one in stored["rates"]),
            tuple(
                (dt.date.fromisoformat(day), tuple(Flow(*flow) for flow in flows))
                for day, flows in stored["monthly"]
            ),
            None if known is None else dt.date.fromisoformat(known),
            None if night is None else NightUsed(night[0], dt.date.fromisoformat(night[1])),
            tuple(_line(dict(zip(stored["columns"], one, strict=True))) for one in stored["lines"]),
            stored["unused_credit_cents"],
        )


def _totals(lines: Iterable[ProvisionLine]) -> dict[str, Any]:
    kept = [line for line in lines if not line.is_lost]
    probable = [line.probability_cents for line in kept if line.probability_cents is not None]
    doubtful = [line for line in kept if line.is_doubtful]
    lost = [line for line in lines if line.is_lost]
    return {
        "invoices": len(kept),
        "open_eur": sum(line.open_cents for line in kept) / 100,
        "insured_eur": sum(line.insured_cents for line in kept) / 100,
        "matrix_eur": sum(line.matrix_cents for line in kept) / 100,
        # Some claims without a probability would make the sum look small: it is then not known.
        "probability_eur": sum(probable) / 100 if len(probable) == len(kept) and kept else None,
        "probability_unknown": len(kept) - len(probable),
        "doubtful_eur": sum(line.open_cents for line in doubtful) / 100,
        "french_eur": sum(line.french_cents for line in doubtful) / 100,
        "lost_eur": sum(line.open_cents for line in lost) / 100,
        "lost_not_booked_eur": sum(line.open_cents for line in lost if not line.booked) / 100,
    }


def _by_reason(lines: Iterable[ProvisionLine]) -> list[dict[str, Any]]:
    own = defaultdict(list)
    for line in lines:
        if line.is_doubtful:
            own[line.status].append(line)
    return [
        {
            "reason": reason,
            "invoices": len(own[reason]),
            "customers": len({line.customer_id for line in own[reason]}),
            "open_eur": sum(line.open_cents for line in own[reason]) / 100,
            "insured_eur": sum(line.insured_cents for line in own[reason]) / 100,
            "excl_vat_eur": sum(line.excl_vat_cents for line in own[reason]) / 100,
            "rate": own[reason][0].french_rate,
            "french_eur": sum(line.french_cents for line in own[reason]) / 100,
        }
        for reason in DOUBTFUL_REASONS
        if reason in own
    ]


def _difference(lines: Iterable[ProvisionLine]) -> list[dict[str, Any]]:
    """Return what the matrix provides for beyond the probabilities, band by band, over sound claims."""
    sums = {band: [0, 0] for band in BANDS}
    for line in lines:
        if line.status == "sound" and line.probability_cents is not None:
            sums[line.band][0] += line.matrix_cents
            sums[line.band][1] += line.probability_cents
    return [
        {
            "band": band,
            "matrix_eur": matrix / 100,
            "probability_eur": probable / 100,
            "difference_eur": (matrix - probable) / 100,
        }
        for band, (matrix, probable) in sums.items()
        if matrix or probable
    ]


def _rates_document(rates: LossRates) -> dict[str, Any]:
    bands = zip(BANDS, rates.historical, rates.adjusted, rates.flows, strict=True)
    return {
        "segment": rates.segment,
        "source": rates.source,
        "bands": [
            {
                "band": band,
                "entered_eur": flow.entered_cents / 100,
                "passed_eur": flow.passed_cents / 100,
                "impaired_eur": flow.impaired_cents / 100,
                "invoices": flow.invoices,
                "flow_rate": flow.rate,
                "historical_rate": historical,
                "rate": adjusted,
            }
            for band, historical, adjusted, flow in bands
        ],
    }


def _euros(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name.replace("_cents", "_eur"): value / 100 if name.endswith("_cents") else value
        for name, value in values.items()
    }


def _rates(stored: Mapping[str, Any]) -> LossRates:
    return LossRates(
        stored["segment"],
        stored["source"],
        tuple(stored["historical"]),
        tuple(stored["adjusted"]),
        tuple(Flow(**flow) for flow in stored["flows"]),
    )


def _stored_line(line: ProvisionLine) -> list[Any]:
    return [one.isoformat() if isinstance(one, dt.date) else one for one in astuple(line)]


def _line(values: dict[str, Any]) -> ProvisionLine:
    dates = {name: dt.date.fromisoformat(values[name]) for name in ("issued_on", "due_on")}
    return ProvisionLine(**{**values, **dates})
