"""Shared console output: tables, progress, and one-line errors. Wording and layout only."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from models.learning.basis import OWN
from models.learning.basis import WORDS as WORDS_OF_BASIS
from models.policy.decision.wording import days_words, percent
from models.policy.means_of_payment import MEANS_LABELS
from models.wording import formats
from models.wording.messages import french
from models.wording.numerals import SPACE, unbroken
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.status import Status

    from models.assessment.assessment import Assessment, Probability
    from models.errors import CreditError
    from models.learning.registry import Version
    from models.policy.limit.limit import CreditLimit
    from pipelines.demo.demo import DemoResult
    from pipelines.nightly.night import NightReport
    from pipelines.training.train import Training
    from serving.store import CustomerSummary

_OUT = Console(highlight=False)
_ERR = Console(stderr=True, highlight=False)
WORDS = {
    "fr": {
        "late": "Retard de plus de 30 jours",
        "default": "Défaillance à 12 mois",
        "grade": "Note",
        "index": "Indice de paiement",
        "days": "Jours de retard (P10 · médiane · P90)",
        "later_than": "Retard de plus de",
        "limit": "Plafond de crédit recommandé",
        "until": "valable jusqu'au",
        "binds": "critère limitant",
        "absent": "Sans objet ou inconnu",
        "unknown": "inconnu",
        "terms": "Conditions",
        "deposit": "acompte",
        "human": f"Personne physique{SPACE}: la décision revient à une personne (RGPD, art. 22).",
        "decided": f"Client déjà en défaut{SPACE}: les probabilités ne sont qu'indicatives.",
        "term": "Terme",
        "asof": "au",
        "confidence": "confiance",
        "high": "élevée",
        "medium": "moyenne",
        "low": "faible",
        "unsure": "pas assez de données",
    },
    "en": {
        "late": "More than 30 days late",
        "default": "Default within 12 months",
        "grade": "Grade",
        "index": "Payment index",
        "days": "Days late (P10 · median · P90)",
        "later_than": "Late by more than",
        "limit": "Recommended credit limit",
        "until": "valid until",
        "binds": "binding term",
        "absent": "Not applicable or unknown",
        "unknown": "unknown",
        "terms": "Terms",
        "deposit": "deposit",
        "human": "Natural person: a person decides (GDPR art. 22).",
        "decided": "Already in default: the probabilities are only indicative.",
        "term": "Term",
        "asof": "as of",
        "confidence": "confidence",
        "high": "high",
        "medium": "medium",
        "low": "low",
        "unsure": "not enough data",
    },
}


def say(text: str) -> None:
    """Print one line."""
    _OUT.print(escape(text), soft_wrap=True)


def show(table: Table) -> None:
    """Print a table."""
    _OUT.print(table)


def fail(error: CreditError, lang: str) -> None:
    """Print an error, in French if available and requested."""
    shown = error.message_fr or french(str(error)) if lang == "fr" else str(error)
    _ERR.print(f"[red]encours:[/red] {escape(shown)}", soft_wrap=True)


def waits(folder: Path, who: str, lang: str) -> None:
    """Print that another process is writing the ledger, and that this one waits."""
    words = {
        "fr": f"{folder} est en cours d'écriture ({who}){SPACE}; cette commande attend son tour…",
        "en": f"{folder} is being written ({who}); this command waits its turn…",
    }
    _ERR.print(escape(words[lang]), soft_wrap=True)


def night_waits(who: str, lang: str = "fr") -> None:
    """Print that another nightly run is scoring, and that this one waits."""
    words = {
        "fr": f"Une autre nuit calcule les notes ({who}){SPACE}; celle-ci attend sa fin…",
        "en": f"Another night is scoring ({who}); this one waits for its end…",
    }
    _ERR.print(escape(words[lang]), soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show a step while it runs, and its duration."""
    began = time.perf_counter()
    with _OUT.status(title):
        yield
    _OUT.print(f"[green]✓[/green] {title} [dim]{time.perf_counter() - began:.1f} s[/dim]")


def is_terminal() -> bool:
    """Return whether a person watches the output."""
    return _OUT.is_terminal


def status(text: str) -> Status:
    """Return a line that is updated in place, as a context."""
    return _OUT.status(text)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar; yields the callback for the numbers done and in total."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=_OUT, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)


def trained(training: Training, version: Version) -> None:
    """Print the metrics of a training and the next step."""
    metrics({version.target: training.metrics})
    checks = f": {', '.join(training.failed)}" if training.failed else ""
    say(f"report: {training.verdict}{checks}, in {training.folder / 'report' / 'report.fr.html'}")
    say(f"version {version.number} of {version.target} is registered; `encours promote` lets it answer")


def metrics(found: Mapping[str, Mapping[str, float]]) -> None:
    """Print metrics, a column per target."""
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    if not names:
        say("no outcome is known yet: nothing to measure")
        return
    table = Table("measure", *found)
    for name in names:
        table.add_row(name, *(f"{values[name]:.4g}" if name in values else "" for values in found.values()))
    _OUT.print(table)


def night(report: NightReport) -> None:
    """Print the result of a nightly run."""
    for warning in report.warnings:
        _ERR.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)
    what = "published" if report.computed else "already published, nothing changed"
    say(f"run {report.run_id} as of {report.as_of}: {report.customers:,} customers, "
        f"{report.open_invoices:,} open invoices, {what}")  # fmt: skip


def store_size(size_bytes: int) -> None:
    """Print how large the store is."""
    say(f"the store takes {size_bytes / 1_000_000:,.1f} MB; `encours prune` removes what is too old")


def demo(result: DemoResult, port: int) -> None:
    """Print the gate's verdicts, ten customers and the next commands."""
    for verdict in result.verdicts:
        say(verdict)
    _OUT.print(customers_table(result.customers))
    # A customer with credit has more to show than a stopped one.
    first = next((one for one in result.customers if one.limit_eur > 0), result.customers[0]).customer_id
    night(result.night)
    say("\nNext:")
    say(f"  uv run encours score {first} --amount 12000 --terms 45")
    say("  uv run encours serve")
    say(f"  curl -s localhost:{port}/v1/customers/{first} -H 'X-API-Key: {result.api_key}'")
    say(f"\nPages: http://localhost:{port}/ — sign in as demo with the password {result.password}")
    say("The password and the API key (role sales) are shown this once.")
    known = ", ".join(f"{one.siren} ({one.name})" for one in result.prospects)
    say(f"Prospects to assess without a network: {known}")


def customers_table(found: Sequence[CustomerSummary]) -> Table:
    """Return customers as a table, riskiest first."""
    caption = unbroken("défaill. : défaillance à 12 mois ; retard : plus de 30 jours ; montants en euros")
    table = Table(caption=caption, box=SIMPLE, pad_edge=False, collapse_padding=True)
    credited = any(one.on_account_eur < 0 for one in found)
    table.add_column("client", no_wrap=True)
    table.add_column("nom", no_wrap=True, overflow="ellipsis", max_width=6 if credited else 14)
    for title in (
        "note",
        "défaill.",
        "retard",
        "plafond",
        "encours",
        "échu",
        *(["crédit"] if credited else []),
    ):
        table.add_column(title, justify="right", no_wrap=True)
    for one in found:
        euros = (one.limit_eur, one.open_eur, one.overdue_eur, *([one.on_account_eur] if credited else []))
        shares = (
            "—" if share is None else formats.percent(share, "fr") for share in (one.pd_12m, one.p_late30)
        )
        table.add_row(
            one.customer_id, escape(one.name or ""), one.grade, *shares,
            *(formats.number(value, "fr") for value in euros),
        )  # fmt: skip
    return table


def assessment(answer: Assessment, lang: str) -> None:
    """Print one assessment in one language: probabilities with reasons, limit calculation, terms."""
    words, party, limit = WORDS[lang], answer.party, answer.limit
    _OUT.print(f"[bold]{escape(party.name or party.customer_id or '')}[/bold] {party.siren or ''} "
               f"{words['asof']} {formats.day(answer.as_of, lang)}")  # fmt: skip
    insolvency = answer.insolvency
    if insolvency is not None:
        _OUT.print(f"[bold red]{escape(insolvency.sentences[0 if lang == 'fr' else 1])}[/bold red]")
    index = words["unknown"] if answer.paydex is None else f"{answer.paydex:.0f}"
    say(f"{words['grade']} {answer.grade} · {words['index']} {index} · {words['days']} "
        f"{answer.days_late_p10:.0f} · {answer.days_late_p50:.0f} · {answer.days_late_p90:.0f}")  # fmt: skip
    if answer.p_later_than:
        unit = "j" if lang == "fr" else "d"
        shares = [
            f"{days} {unit} {formats.percent(share, lang)}" for days, share in answer.p_later_than.items()
        ]
        say(f"{words['later_than']} {' · '.join(shares)}")
    if answer.history == "in_default":
        say(words["decided"])
    for name, probability in (("late", answer.p_late30), ("default", answer.pd_12m)):
        if probability is not None:
            _probability(words[name], probability, lang)
    limit_eur = labelled(words["limit"], formats.euros(limit.limit_eur, lang), lang)
    _OUT.print(f"\n[bold]{limit_eur}[/bold] "
               f"({words['until']} {formats.day(limit.valid_until, lang)})")  # fmt: skip
    _OUT.print(working(limit, lang))
    say(labelled(words["terms"], _terms(answer, lang), lang))
    if answer.party.natural_person:
        say(words["human"])


def labelled(label: str, text: str, lang: str) -> str:
    """Put a label before a text: French puts a space before the colon, English does not."""
    return f"{label}{SPACE}: {text}" if lang == "fr" else f"{label}: {text}"


def _terms(answer: Assessment, lang: str) -> str:
    """Return days, deposit and means of payment; payment before delivery has no days."""
    place = 0 if lang == "fr" else 1
    means = MEANS_LABELS[answer.means_of_payment][place]
    if answer.means_of_payment == "prepayment":
        return means
    deposit = f"{WORDS[lang]['deposit']} {percent(answer.deposit_share)[place]}"
    return ", ".join(
        (
            days_words(answer.recommended_terms_days)[place],
            *([deposit] if answer.deposit_share else []),
            means,
        )
    )


def working(limit: CreditLimit, lang: str) -> Table:
    """Return every term of a limit that applies, the binding one marked."""
    words = WORDS[lang]
    table = Table(words["term"], "€")
    for term in limit.terms:
        if term.value_eur is not None:
            binds = term.name == limit.binding
            label = term.label_fr if lang == "fr" else term.label_en
            mark = f" ← {words['binds']}" if binds else ""
            table.add_row(
                escape(label), formats.number(term.value_eur, lang) + mark, style="bold" if binds else ""
            )
    absent = [t.label_fr if lang == "fr" else t.label_en for t in limit.terms if t.value_eur is None]
    table.caption = labelled(words["absent"], " · ".join(absent), lang) if absent else None
    return table


def _probability(title: str, probability: Probability, lang: str) -> None:
    words = WORDS[lang]
    between = " – ".join(formats.percent(end, lang) for end in (probability.low, probability.high))
    sure = words["unsure"] if probability.confidence == "none" else (
        f"{words['confidence']} {words[probability.confidence]}")  # fmt: skip
    told = labelled(title, formats.percent(probability.value, lang), lang)
    _OUT.print(f"\n[bold]{told}[/bold] ({between}, {sure})")
    if probability.rests_on != OWN:
        say(f"  {WORDS_OF_BASIS[probability.rests_on][0 if lang == 'fr' else 1]}")
    from models.explain.compared_words import Comparison  # noqa: PLC0415  # brings the features along
    from models.explain.reason_list import reason_list  # noqa: PLC0415  # as above

    calibrated = probability.base, probability.slope, probability.intercept
    found = reason_list(probability.value, calibrated, probability.reasons, probability.target, Comparison())
    for reason in found.reasons:
        mark = "[red]▲[/red]" if reason.points > 0 else "[green]▼[/green]"
        sentence = reason.sentence_fr if lang == "fr" else reason.sentence_en
        shown = formats.number(reason.points * 100, lang, found.decimals, signed=True)
        _OUT.print(f"  {mark} {escape(sentence)} [dim]{shown}[/dim]", soft_wrap=True)
