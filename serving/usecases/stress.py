"""Put the published portfolio under a stress scenario, and find what loses a given amount.

Owns where scenarios come from (those that ship, by name from a fixed list, or a text) and the audit entry of
each answer. Command line, API and page give the same figures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from models.errors import ScenarioError
from models.portfolio.reverse_stress import reverse_stress
from models.portfolio.scenario import scenario_from_text
from models.portfolio.stress import DecidedByPerson, StressBase, stressed
from models.portfolio.stress_summary import stress_summary, stressed_customers
from models.wording.numerals import SPACE
from serving.audit.entries import entry_of
from serving.usecases.cash import receipts_by_customer
from serving.usecases.limit_usage import limits_in_force
from serving.usecases.positions import positions
from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from models.policy.document import Policy
    from models.portfolio.reverse_stress import ReverseStress
    from models.portfolio.scenario import Scenario
    from models.portfolio.stress import StressResult
    from models.portfolio.stress_summary import StressedCustomer, StressSummary
    from serving.audit.recorder import Recorder
    from serving.store import Run, Store
    from serving.usecases.lists import Viewer

FOLDER: Final = Path("data/scenarios")
SHIPPED: Final = (
    "mild_recession",
    "severe_recession",
    "construction_crisis",
    "insurer_lost",
    "five_largest_fail",
    "payments_30_days_later",
)
TYPED: Final = "scenario.toml"
"""What a text that comes without a file is called."""


@dataclass(frozen=True, slots=True)
class ShippedScenario:
    """A scenario that ships: its name in the list, its text and what the text says."""

    name: str
    text: str
    scenario: Scenario

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"name": self.name, "text": self.text, "title": self.scenario.name.model_dump()}


@dataclass(frozen=True, slots=True, eq=False)
class StressAnswer:
    """What a scenario does to the published portfolio.

    Parameters
    ----------
    reverse
        What loses the amount that was asked for; None where none was.
    """

    run: Run
    result: StressResult
    summary: StressSummary
    reverse: ReverseStress | None

    @property
    def customers(self) -> Iterator[StressedCustomer]:
        """Every customer before and after, in the order of customer numbers."""
        return stressed_customers(self.result)

    def document(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        scenario = self.result.scenario
        return {
            "as_of": self.run.key.as_of.isoformat(),
            "run_id": self.run.run_id,
            "scenario": scenario.name.model_dump(),
            "policy_hash": self.result.base.policy.hash,
            **self.summary.document(),
            "reverse": None if self.reverse is None else self.reverse.document(),
        }


def shipped_scenarios(folder: Path = FOLDER) -> tuple[ShippedScenario, ...]:
    """Return the scenarios that ship, in the order of the list; none where their folder is not here."""
    texts = {name: path.read_text("utf-8") for name in SHIPPED if (path := folder / f"{name}.toml").is_file()}
    return tuple(
        ShippedScenario(name, text, scenario_from_text(text, f"{name}.toml")) for name, text in texts.items()
    )


def shipped_text(name: str, folder: Path = FOLDER) -> str:
    """Return the text of a scenario that ships.

    Raises
    ------
    ScenarioError
        None has this name.
    """
    found = next((one.text for one in shipped_scenarios(folder) if one.name == name), None)
    if found is None:
        raise ScenarioError(
            f"no scenario is named {name!r}; names are {', '.join(SHIPPED)}",
            f"aucun scénario ne s'appelle {name!r}{SPACE}; noms admis{SPACE}: {', '.join(SHIPPED)}",
        )
    return found


def stress_base(store: Store, policy: Policy, today: dt.date) -> tuple[Run, StressBase]:
    """Return the published run, and its portfolio before any shock.

    Parameters
    ----------
    today
        The day on which what persons decided is in force.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    CreditError
        An earlier version wrote the run; the message says what to do.
    """
    run = published_run(store)
    made = limits_in_force(store, run.run_id, today, lambda: policy)
    decided = {
        who: DecidedByPerson(
            one.limit_eur if any(set_by["kind"] == "limit" for set_by in one.overrides) else None,
            one.grade if one.grade_from == "override" else None,
        )
        for who, one in made.items()
        if "override" in (one.limit_from, one.grade_from)
    }
    found = positions(store, run)
    receipts_eur = receipts_by_customer(store, run, [one.customer_id for one in found.items])
    return run, StressBase.of(found, policy, decided, receipts_eur)


@dataclass(frozen=True, slots=True)
class StressPortfolio:
    """Answer questions about stress; each answer is entered in the audit log.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    policy
        Returns the policy in force.
    today
        Returns the present day.
    recorder
        Writes the audit log.
    """

    store: Callable[[], Store]
    policy: Callable[[], Policy]
    today: Callable[[], dt.date]
    recorder: Recorder

    def __call__(
        self, viewer: Viewer, text: str, source: str = TYPED, reverse_eur: float | None = None
    ) -> StressAnswer:
        """Put the published portfolio under a scenario.

        Parameters
        ----------
        source
            What to call the text in a message.
        reverse_eur
            An amount, in euros, to find out what loses it.

        Raises
        ------
        ScenarioError
            The scenario cannot be used: every fault is named.
        NotPublishedError
            No run is published yet.
        StoreError
            The store is away or the log cannot be written: nothing may be shown.
        """
        store = self.store()
        scenario = scenario_from_text(text, source, published_run(store).key.as_of)
        run, base = stress_base(store, self.policy(), self.today())
        answer = stress_answer(run, base, scenario, source, reverse_eur)
        question = {**viewer.question, "scenario": text, "reverse_eur": reverse_eur}
        shown = {
            "run_id": run.run_id,
            "as_of": run.key.as_of.isoformat(),
            "policy_hash": base.policy.hash,
            "after": asdict(answer.summary.after),
        }
        entry = entry_of(viewer.caller, viewer.action, question, shown, answer_id=viewer.answer_id or None)
        self.recorder.record(entry)
        return answer


def stress_answer(
    run: Run, base: StressBase, scenario: Scenario, source: str, reverse_eur: float | None = None
) -> StressAnswer:
    """Return what a scenario does to a portfolio.

    Raises
    ------
    ScenarioError
        It names customers or insurers that the portfolio has not.
    """
    result = stressed(base, scenario, source)
    reverse = None if reverse_eur is None else reverse_stress(base, reverse_eur)
    return StressAnswer(run, result, stress_summary(result), reverse)
