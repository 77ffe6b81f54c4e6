"""Rows explained a second and one row's delay, beside LightGBM, shap and woodelf on the same rows.

Run as `python -m benchmarks.explain`. Four models of the house's kind, all of 300 trees: three on drawn rows
of 100 columns with missing values (depth 5; depth 6; depth 5 without categories, which woodelf asks for), and
the late-payment model of the real ledger, skipped where its data is absent. shap's explainer of a LightGBM
model hands the work to LightGBM. A batch runs at least a second; the best of five interleaved runs counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers import markdown, read_shared
from models.explain.treeshap.compiled import TreeShap
from models.features.build import INVOICE_FEATURES, FeatureBuilder
from models.learning.boosting import TreeParams, fit_classifier, load_lightgbm
from models.learning.rows import LateRows, draw_rows
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lightgbm import Booster

    from models.arrays import Floats

    Explain = Callable[[Floats], Floats]

ROUNDS = 300
ROWS = 100_000
COLUMNS = 100
CODED = (5, 17, 40)
SLOW_ROWS = 2_000
RUNS = 5
CALLS = 1_000
OURS, LIGHTGBM, SHAP = "**Encours**", "`booster.predict(pred_contrib=True)`", "`shap.TreeExplainer`"
SLOW = (LIGHTGBM, SHAP)
"""They take a row as long whether few or many come, so `SLOW_ROWS` are enough to time them."""

COLD = """
import sys, time
import numpy as np
from models.learning.boosting import load_lightgbm
from models.explain.treeshap.compiled import TreeShap
booster = load_lightgbm().Booster(model_file=sys.argv[1])
row = np.zeros((1, booster.num_feature()))
begin = time.perf_counter()
import numba
imported = time.perf_counter()
shap = TreeShap.of(booster)
built = time.perf_counter()
shap.explain(row)
print(imported - begin, built - imported, time.perf_counter() - built)
"""


def drawn_model(depth: int, leaves: int, coded: tuple[int, ...], seed: int = 1) -> tuple[Booster, Floats]:
    """Train on a fifth of drawn rows, a tenth of them missing; return the model and all rows."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(ROWS, COLUMNS))
    rows[:, ::7] = np.round(rows[:, ::7] * 3)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    rows[:, CODED] = rng.integers(0, 20, (ROWS, len(CODED)))
    known, effect = np.nan_to_num(rows), rng.normal(size=(len(CODED), 20))
    weight = 0.3 * rng.normal(size=COLUMNS) * rng.exponential(size=COLUMNS)
    odds = known @ weight + known[:, 1] * known[:, 2]
    odds += sum(effect[place][rows[:, column].astype(int)] for place, column in enumerate(CODED))
    label = (rng.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    params = TreeParams(num_leaves=leaves, max_depth=depth).lightgbm([], monotone=False)
    learnt = slice(0, ROWS // 5)
    given = load_lightgbm().Dataset(rows[learnt], label[learnt], categorical_feature=list(coded))
    return load_lightgbm().train({"objective": "binary", **params}, given, ROUNDS), rows


def ledger_model() -> tuple[Booster, Floats] | None:
    """Train the late-payment model on the real ledger; None, and a line, where it is absent."""
    ledger = read_shared("ledgers/highradius_2019-11-30.csv", "highradius.toml")
    if ledger is None:
        return None
    builder = FeatureBuilder.of(ledger)
    rows = draw_rows(builder, LateRows(15, int(builder.book.pay_day.max()), 80_000, 1))
    rows = rows.take(~np.isnan(rows.label))
    features = known_features(rows, INVOICE_FEATURES)
    matrix = rows.frame[[feature.name for feature in features]].to_numpy(np.float64)
    return fit_classifier(matrix, rows.label, features, TreeParams(), ROUNDS), matrix


def explainers(booster: Booster, shap: TreeShap) -> dict[str, Explain]:
    """Return what takes rows of shape `(n, n_features)` to contributions of the same shape, by name."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both warn at import
        from shap import TreeExplainer
        from woodelf.explainer import WoodelfExplainer
    theirs, names = TreeExplainer(booster), booster.feature_name()
    woodelf = WoodelfExplainer(booster, feature_perturbation="tree_path_dependent")
    return {
        OURS: lambda rows: shap.explain(rows)[0],
        LIGHTGBM: lambda rows: booster.predict(rows, pred_contrib=True)[:, :-1],
        SHAP: lambda rows: np.asarray(theirs.shap_values(rows)),
        "`woodelf-explainer`": lambda rows: np.asarray(
            woodelf.shap_values(pd.DataFrame(rows, columns=names), verbose=False)
        ),
    }


def rows_a_second(explain: Explain, rows: Floats) -> float:
    """Explain all rows, over and over until a second has passed."""
    passes, spent = 0, 0.0
    while spent < 1.0:
        spent += _seconds(explain, rows)
        passes += 1
    return passes * len(rows) / spent


def delays_ms(explain: Explain, rows: Floats) -> tuple[float, float]:
    """Return the median and the 99th percentile of single rows, over `CALLS` calls or ten seconds."""
    explain(rows[:1])
    spent: list[float] = []
    while len(spent) < CALLS and sum(spent) < 10.0:
        place = len(spent) % len(rows)
        spent.append(_seconds(explain, rows[place : place + 1]))
    return float(np.median(spent)) * 1e3, float(np.quantile(spent, 0.99)) * 1e3


def cold_start(booster: Booster) -> Mapping[str, tuple[float, ...]]:
    """Return seconds in a fresh process, with nothing compiled and with all: numba, tables, first row."""
    with tempfile.TemporaryDirectory() as folder:
        booster.save_model(Path(folder) / "model.txt")
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        command = [sys.executable, "-c", COLD, str(Path(folder) / "model.txt")]
        told = {}
        for state in ("nothing compiled yet", "compiled before"):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603  # our own interpreter and text
            told[state] = tuple(float(word) for word in done.stdout.split())
        return told


def compare(name: str, booster: Booster, rows: Floats) -> None:
    """Print one model's table."""
    shap = TreeShap.of(booster)
    built = _seconds(TreeShap.of, booster)
    peers = explainers(booster, shap)
    some = rows[:500]
    theirs = booster.predict(some, pred_contrib=True)[:, :-1]
    differences, refused = {}, []
    for who, explain in peers.items():
        try:
            differences[who] = float(np.abs(explain(some) - theirs).max())
        except ValueError as error:
            refused.append(f"{who} refuses: {error}")
    rates = dict.fromkeys(differences, 0.0)
    for _ in range(RUNS):
        for who, best in rates.items():
            rates[who] = max(best, rows_a_second(peers[who], rows[:SLOW_ROWS] if who in SLOW else rows))
    table = []
    for who, difference in differences.items():
        delay = delays_ms(peers[who], rows)
        times = "" if who == OURS else f"{rates[OURS] / rates[who]:,.0f} x"
        table.append([who, f"{rates[who]:,.0f}", times, *delay, f"{difference:.1e}"])
    print(f"\n{name}: {booster.num_trees()} trees, {booster.num_feature()} columns, {len(rows):,} rows\n")
    heads = ["by", "rows/s", "ours is", "one row, ms: median", "99 %", "off `pred_contrib` by"]
    print(markdown(heads, table))
    print(f"\ntables: {shap.tables.nbytes / 2**20:.1f} MB, built in {built:.2f} s", *refused, sep="; ")
    alone = {"ours": shap.margin, "`predict`": lambda some: booster.predict(some, raw_score=True)}
    for who, margin in alone.items():
        rate, (median, _) = rows_a_second(margin, rows), delays_ms(margin, rows)
        print(f"margins alone, {who}: {rate:,.0f} rows/s, one row {median:.3f} ms")


def _seconds(function: Callable[[Any], object], argument: object) -> float:
    begin = time.perf_counter()
    function(argument)
    return time.perf_counter() - begin


def main() -> None:
    plain = drawn_model(5, 15, CODED)
    compare("depth 5, 15 leaves, 3 columns of categories", *plain)
    compare("depth 6, 31 leaves, 3 columns of categories", *drawn_model(6, 31, CODED))
    compare("depth 5, 15 leaves, no categories", *drawn_model(5, 15, ()))
    real = ledger_model()
    if real is not None:
        compare("late payment on the real ledger", *real)
    told = [[state, *seconds] for state, seconds in cold_start(plain[0]).items()]
    heads = ["seconds in a fresh process", "import of numba", "tables, with numba's start", "first row"]
    print("\n" + markdown(heads, told))


if __name__ == "__main__":
    main()
