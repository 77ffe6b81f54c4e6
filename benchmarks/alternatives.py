"""CatBoost and a hazard with covariates in the place of the late-payment trees: same rows, cuts and features.

At each cut all learn from the same invoices at the same delays, and predict every invoice issued in
the 45 days after, at its issue. Each prediction is taken alone, unmixed with the customer's own curve and not
calibrated. CatBoost begins where the trees begin, at the same margins; the hazard is a penalised logistic
regression on one row an invoice and interval that it could still be paid in (Singer and Willett 1993).
Differences are from the present trees; ± is their standard error, customers drawn again.

CatBoost is no dependency: run as `uv run --with catboost python -m benchmarks.alternatives`; a real ledger
joins in where its data are beside the project.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from benchmarks.baselines import ranked_regression
from benchmarks.late_payment import Cut
from benchmarks.ledgers import CUTS, DAYS, DRAWS, LEAST_BAD, ledgers
from benchmarks.peers import markdown
from models.features.build import INVOICE_FEATURES, mask_history
from models.features.curves import ANCHORS
from models.learning.labels import late_label
from models.learning.rows import LateRows, draw_rows
from pipelines.training.bootstrap import Draws
from pipelines.training.late_components import BLANK_SHARE, LateData, Stacked, Trees, fit_trees, start_margin
from pipelines.training.params import Params
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from models.features.running import Floats, Ints
    from pipelines.training.params import LateParams

MADE = {150: 3, 2_000: 2}
MOST_ROWS = 40_000
"""So many rows are learnt from at most, a row being an invoice at a delay or in an interval."""
TREES, CATBOOST, BOTH, HAZARD = "the present trees", "CatBoost", "their mean", "hazard with covariates"
SETTINGS = {"iterations": 200, "learning_rate": 0.06, "depth": 6, "l2_leaf_reg": 5.0, "random_seed": 7}

Chances = dict[int, "Floats"]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Training data of a cut, and the rows to predict."""

    data: LateData
    blank: LateData
    learnt: Stacked
    to_predict: LateData
    owner: Ints
    labels: Chances

    @classmethod
    def of(cls, cut: Cut, late: LateParams) -> Task:
        """Learn from what was known at a cut."""
        rows = draw_rows(cut.known, LateRows(30, cut.day, late.most_rows, late.seed))
        features, everyone = known_features(rows, INVOICE_FEATURES), np.ones(len(rows), dtype=bool)
        frames = (rows.frame, mask_history(rows.frame, everyone), cut.asked)
        data, blank, to_predict = (LateData.of(replace(rows, frame=frame), 30, features) for frame in frames)
        learnt = data.stacked(cut.day, everyone, late.seed, MOST_ROWS)
        labels = {days: late_label(cut.whole.book, cut.document, days, cut.end) for days in DAYS}
        return cls(data, blank, learnt, to_predict, cut.whole.book.owner[cut.document], labels)

    def at(self, place: int) -> Stacked:
        """Return every question at an anchor."""
        count = len(self.owner)
        return Stacked(np.arange(count), np.full(count, place), np.zeros(count))


def boosted(task: Task, late: LateParams) -> dict[str, Chances]:
    """Answer by the present trees, by CatBoost and by the mean of their margins."""
    plan = late.plan("late30")
    trees = fit_trees(task.data, task.learnt, plan.trees, plan.rounds, task.blank)
    other = replace(trees, booster=CatBooster(task, trees, plan.trees.seed))
    weights = {TREES: (1.0, 0.0), CATBOOST: (0.0, 1.0), BOTH: (0.5, 0.5)}
    chances: dict[str, Chances] = {who: {} for who in weights}
    for days in DAYS:
        ours, theirs = (one.margin(task.to_predict, task.at(ANCHORS.index(days))) for one in (trees, other))
        for who, (first, second) in weights.items():
            chances[who][days] = 1 / (1 + np.exp(-first * ours - second * theirs))
    return chances


class CatBooster:
    """CatBoost with the face of LightGBM's booster, fitted where the trees were, from where they began."""

    def __init__(self, task: Task, trees: Trees, seed: int) -> None:
        from catboost import CatBoostClassifier, Pool

        contract = task.data.contract
        self.codes = [place for place, one in enumerate(contract) if one.categorical]
        again = task.learnt.take(np.random.default_rng(seed).random(len(task.learnt)) < BLANK_SHARE)
        parts = ((task.data, task.learnt), (task.blank, again))
        pool = Pool(
            self._frame(np.concatenate([data.matrix(some) for data, some in parts])),
            np.concatenate([some.label for _, some in parts]),
            cat_features=self.codes,
            baseline=np.concatenate([start_margin(trees.levels, *part) for part in parts]),
        )
        signs = {place: one.sign for place, one in enumerate(contract) if one.sign and not one.categorical}
        model = CatBoostClassifier(
            **SETTINGS, thread_count=2, monotone_constraints=signs, verbose=False, allow_writing_files=False
        )
        self.model = model.fit(pool)

    def predict(self, matrix: Floats, *, raw_score: bool) -> Floats:
        """Return what CatBoost adds to the margins it began with."""
        kind = "RawFormulaVal" if raw_score else "Probability"
        added: Floats = self.model.predict(self._frame(matrix), prediction_type=kind)
        return added

    def _frame(self, matrix: Floats) -> pd.DataFrame:
        frame = pd.DataFrame(matrix)
        frame[self.codes] = frame[self.codes].fillna(-1).astype(int).astype(str)
        return frame


def hazard(task: Task, day: int) -> Chances:
    """Answer by the chance of being paid between one anchor and the next, of what was not paid before."""
    rows, every = task.data.rows, range(len(ANCHORS))
    reached = rows.frame["days_past_due"].to_numpy(np.float64)
    later = np.array([rows.later_than(anchor, day) for anchor in ANCHORS])
    open_before = np.concatenate((np.ones((1, len(rows))), later[:-1])) > 0
    kept = [np.flatnonzero(~np.isnan(later[k]) & open_before[k] & (reached < ANCHORS[k])) for k in every]
    row, place = np.concatenate(kept), np.repeat(list(every), [len(one) for one in kept])
    some = np.random.default_rng(7).permutation(len(row))[:MOST_ROWS]
    row, place = row[some], place[some]
    model = ranked_regression()
    model.fit(_periods(task.data, Stacked(row, place, later[place, row])), later[place, row] == 0)
    survives, found = np.ones(len(task.owner)), {}
    for k, anchor in enumerate(ANCHORS):
        survives = survives * (1 - model.predict_proba(_periods(task.to_predict, task.at(k)))[:, 1])
        found[anchor] = survives
    return found


def _periods(data: LateData, stacked: Stacked) -> Floats:
    """Return what the hazard reads: the features, and which interval it is."""
    return np.column_stack((data.matrix(stacked), np.eye(len(ANCHORS))[stacked.anchor]))


def main() -> None:
    if find_spec("catboost") is None:
        sys.exit("catboost is not installed: run `uv run --with catboost python -m benchmarks.alternatives`")
    late, table = Params().late, defaultdict[tuple[str, int, str], list[list[float]]](list)
    for title, _, ledger, day in ledgers(("made", "real"), CUTS[::2], MADE):
        cut = Cut.of(ledger, day)
        task = Task.of(cut, late)
        predicted = {**boosted(task, late), HAZARD: hazard(task, cut.day)}
        for days, label in task.labels.items():
            labelled = ~np.isnan(label)
            if min(label[labelled].sum(), (1 - label[labelled]).sum()) >= LEAST_BAD:
                for who, figures in _scores(task, days, labelled, predicted).items():
                    table[title, days, who].append(figures)
    print(f"{dt.datetime.now(tz=dt.UTC).date()}\n\n{_report(table)}")


def _scores(task: Task, days: int, labelled: Any, predicted: dict[str, Chances]) -> dict[str, list[float]]:  # noqa: ANN401
    """Return AUC, log loss, and what is gained over the present trees with standard errors, by who."""
    label, draws = task.labels[days][labelled], Draws.of(task.owner[labelled], DRAWS, 7)
    found, ours = {}, np.clip(predicted[TREES][days][labelled], 1e-4, 1 - 1e-4)
    for who, answers in predicted.items():
        chance = np.clip(answers[days][labelled], 1e-4, 1 - 1e-4)
        auc, loss = roc_auc_score(label, chance), log_loss(label, chance)
        gained = (
            auc - roc_auc_score(label, ours),
            np.nanstd(draws.aucs(label, chance) - draws.aucs(label, ours)),
        )
        saved = np.log(np.where(label > 0, chance / ours, (1 - chance) / (1 - ours)))
        found[who] = [auc, loss, *gained, saved.mean(), draws.means(saved).std()]
    return found


def _report(table: dict[tuple[str, int, str], list[list[float]]]) -> str:
    lines: list[list[object]] = []
    for (title, days, who), found in table.items():
        auc, loss, gained, spread, saved, off = np.array(found).T
        # Made-up ledgers are apart from each other; cuts of one ledger share their customers' luck.
        share = len(found) ** -0.5 if title.startswith("made") else 1.0
        gaps = [f"{value.mean():+.4f} ± {share * np.sqrt((error**2).mean()):.4f}"
                for value, error in ((gained, spread), (saved, off))]  # fmt: skip
        cells = ["", ""] if who == TREES else gaps
        lines.append([title, f"> {days}", who, len(found), float(auc.mean()), f"{loss.mean():.4f}", *cells])
    header = ["ledgers", "days late", "who", "cuts", "AUC", "log loss", "AUC gained", "log loss saved"]
    return markdown(header, lines)


if __name__ == "__main__":
    main()
