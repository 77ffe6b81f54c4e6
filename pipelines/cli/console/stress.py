"""Console output of `encours stress`: a portfolio before and after a scenario, and what loses an amount.

Owns wording and layout only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from models.wording.formats import number, percent
from models.wording.numerals import unbroken
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.portfolio.reverse_stress import ReverseStress
    from models.portfolio.stress_summary import StressedCustomer, StressLine, StressSummary
    from serving.usecases.stress import ShippedScenario, StressAnswer

MOST_NAMED = 5
WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "name": "nom",
        "title": "scénario",
        "head": "{name} · portefeuille au {day} : {count} clients",
        "source": "source : {source}",
        "before": "avant",
        "after": "après",
        "change": "écart",
        "open": "encours, €",
        "own": "dont à notre risque, €",
        "loss": "perte attendue sur un an, €",
        "limits": "somme des plafonds en vigueur, €",
        "above": "clients au-delà de leur plafond",
        "above_eur": "encours au-delà des plafonds, €",
        "receipts": "encaissements en 13 semaines, €",
        "failed": "clients défaillants par le scénario : {count}, perte {eur} € ; "
        "nouveaux dépassements : {new}",
        "grade": "note",
        "customers": "clients",
        "sector": "secteur",
        "unknown": "inconnu",
        "customer": "client",
        "pd": "probabilité de défaillance",
        "limit": "plafond, €",
        "loss_short": "perte attendue, €",
        "movers": "plus fortes variations de la perte attendue",
        "reverse": "Ce qui perd {eur} € en espérance sur un an ({now} € sans choc, {most} € au plus)",
        "none": "aucun scénario de ce genre ne perd {eur} €",
        "factor": "facteur commun : {deviations} écarts-types (quantile {quantile}) → {loss} €",
        "multiplier": "probabilités de défaillance × {times} → {loss} €",
        "failures": "défaillance de {count} entités juridiques : {names} → {loss} €",
        "failures_0": "défaillances : aucune n'est nécessaire",
        "by_sector": "défaillance du secteur {sector} → {loss} €",
    },
    "en": {
        "name": "name",
        "title": "scenario",
        "head": "{name} · portfolio as of {day}: {count} customers",
        "source": "source: {source}",
        "before": "before",
        "after": "after",
        "change": "change",
        "open": "exposure, €",
        "own": "of which at our own risk, €",
        "loss": "expected loss over a year, €",
        "limits": "sum of the limits in force, €",
        "above": "customers above their limit",
        "above_eur": "owed above limits, €",
        "receipts": "receipts expected within 13 weeks, €",
        "failed": "customers that the scenario makes fail: {count}, loss €{eur}; new breaches: {new}",
        "grade": "grade",
        "customers": "customers",
        "sector": "sector",
        "unknown": "unknown",
        "customer": "customer",
        "pd": "probability of default",
        "limit": "limit, €",
        "loss_short": "expected loss, €",
        "movers": "largest changes of the expected loss",
        "reverse": "What loses €{eur} in expectation over a year (€{now} without a shock, €{most} at most)",
        "none": "no scenario of this kind loses €{eur}",
        "factor": "common factor: {deviations} standard deviations (quantile {quantile}) → €{loss}",
        "multiplier": "probabilities of default × {times} → €{loss}",
        "failures": "failure of {count} legal entities: {names} → €{loss}",
        "failures_0": "failures: none is needed",
        "by_sector": "failure of sector {sector} → €{loss}",
    },
}


def listed(shipped: Sequence[ShippedScenario], lang: str) -> None:
    """Print the scenarios that ship."""
    said = WORDS[lang]
    table = Table(said["name"], said["title"], box=SIMPLE, pad_edge=False)
    for one in shipped:
        table.add_row(one.name, escape(one.scenario.name.told(lang)))
    console.show(table)


def answered(answer: StressAnswer, lang: str) -> None:
    """Print the portfolio before and after, by grade and by sector, and the customers that change most."""
    said, summary, scenario = WORDS[lang], answer.summary, answer.result.scenario
    as_of = answer.run.key.as_of
    day = f"{as_of:%d/%m/%Y}" if lang == "fr" else as_of.isoformat()
    name, count = escape(scenario.name.told(lang)), number(summary.customers, lang)
    console.say(_put(said["head"], lang, name=name, day=day, count=count))
    if scenario.source is not None:
        console.say(_put(said["source"], lang, source=escape(scenario.source.told(lang))))
    console.show(_totals(summary, said, lang))
    failed = {
        "count": number(summary.failed, lang),
        "eur": number(summary.failure_loss_eur, lang),
        "new": number(summary.new_breaches, lang),
    }
    console.say(_put(said["failed"], lang, **failed))
    console.show(_lines("grade", summary.grades, said, lang))
    console.show(_lines("sector", [line for line in summary.sectors if _moves(line)], said, lang))
    if summary.movers:
        console.say(said["movers"])
        console.show(_movers(summary.movers, said, lang))
    if answer.reverse is not None:
        _reversed(answer.reverse, said, lang)


def _put(words: str, lang: str, **values: str) -> str:
    return (unbroken(words) if lang == "fr" else words).format(**values)


def _moves(line: StressLine) -> bool:
    return line.before != line.after


def _totals(summary: StressSummary, said: Mapping[str, str], lang: str) -> Table:
    table = Table("", box=SIMPLE, pad_edge=False)
    for name in ("before", "after", "change"):
        table.add_column(said[name], justify="right")
    before, after = summary.before, summary.after
    lines = (
        ("open", before.open_eur, after.open_eur),
        ("own", before.own_risk_eur, after.own_risk_eur),
        ("loss", before.expected_loss_eur, after.expected_loss_eur),
        ("limits", before.limits_eur, after.limits_eur),
        ("above", before.above_limit, after.above_limit),
        ("above_eur", before.above_limit_eur, after.above_limit_eur),
        ("receipts", before.receipts_eur, after.receipts_eur),
    )
    for name, was, becomes in lines:
        if was is None or becomes is None:
            continue
        change = number(becomes - was, lang, signed=True)
        table.add_row(said[name], number(was, lang), number(becomes, lang), change)
    return table


def _lines(kind: str, lines: Sequence[StressLine], said: Mapping[str, str], lang: str) -> Table:
    table = Table(said[kind], box=SIMPLE, pad_edge=False)
    for name in ("customers", "loss_short"):
        for side in ("before", "after"):
            table.add_column(f"{said[name]} {said[side]}", justify="right")
    for line in lines:
        table.add_row(
            said.get(line.name, line.name),
            number(line.before.customers, lang),
            number(line.after.customers, lang),
            number(line.before.expected_loss_eur, lang),
            number(line.after.expected_loss_eur, lang),
        )
    return table


def _movers(movers: Sequence[StressedCustomer], said: Mapping[str, str], lang: str) -> Table:
    table = Table(said["customer"], box=SIMPLE, pad_edge=False)
    for name in ("grade", "pd", "limit", "loss_short"):
        table.add_column(said[name], justify="right")
    for one in movers:
        before, after = one.before, one.after
        grade = before.grade if before.grade == after.grade else f"{before.grade} → {after.grade}"
        table.add_row(
            escape(one.customer_id),
            grade,
            f"{percent(before.pd_12m, lang)} → {percent(after.pd_12m, lang)}",
            f"{number(before.limit_eur, lang)} → {number(after.limit_eur, lang)}",
            f"{number(before.expected_loss_eur, lang)} → {number(after.expected_loss_eur, lang)}",
        )
    return table


def _reversed(found: ReverseStress, said: Mapping[str, str], lang: str) -> None:
    eur = number(found.amount_eur, lang)
    now, most = (number(value, lang) for value in (found.expected_loss_eur, found.most_eur))
    console.say(_put(said["reverse"], lang, eur=eur, now=now, most=most))
    for words in _needed(found, said, lang):
        console.say(f"  {_put(said['none'], lang, eur=eur) if words is None else words}")


def _needed(found: ReverseStress, said: Mapping[str, str], lang: str) -> list[str | None]:
    """Return the words of each kind of shock; None where no scenario of this kind loses the amount."""
    factor, times, failures, sector = found.factor, found.multiplier, found.failures, found.sector
    return [
        None
        if factor is None
        else _put(
            said["factor"],
            lang,
            deviations=number(factor.deviations, lang, 2),
            quantile=percent(factor.quantile, lang, 3),
            loss=number(factor.expected_loss_eur, lang),
        ),
        None
        if times is None
        else _put(
            said["multiplier"],
            lang,
            times=number(times.multiplier, lang, 2),
            loss=number(times.expected_loss_eur, lang),
        ),
        None
        if failures is None
        else _put(
            said["failures" if failures.customer_ids else "failures_0"],
            lang,
            count=number(len(failures.customer_ids), lang),
            names=escape(", ".join(failures.customer_ids[:MOST_NAMED]))
            + (" …" if len(failures.customer_ids) > MOST_NAMED else ""),
            loss=number(failures.expected_loss_eur, lang),
        ),
        None
        if sector is None
        else _put(said["by_sector"], lang, sector=sector.sector, loss=number(sector.expected_loss_eur, lang)),
    ]
