"""Every command that the documentation shows, given one after the other on a small company's books."""

import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from models.errors import CreditError
from models.policy.document import policy_text
from pipelines.cli.app import app
from pipelines.demo.fec.writing import write_years
from pipelines.demo.simulator import simulate
from pipelines.settings import PipelineSettings
from pipelines.validation.quarantine import quarantined
from serving.store import open_store
from tests.docs.shown import ROOT, of_encours

pytestmark = pytest.mark.slow

ORDER = (
    "--help", "import", "registers", "check", "quarantine", "entities", "features", "train",
    "evaluate", "report", "promote", "models", "nightly", "risk", "provisions", "stress", "notify",
    "score", "decide", "cash", "cases", "migration", "override", "policy", "penalty", "keys", "users",
    "audit", "backtest", "monitor", "rollback", "backup", "prune", "restore",
)  # fmt: skip
"""What is needed first comes first."""
ELSEWHERE = ("demo", "start", "serve")
"""They serve until they are ended; their own tests run them."""
LONG = ("train", "late", "--tune", "10m")
"""Runs for ten minutes; the command's own tests run a short search."""
CODES = {
    "import data/mappings/sap_fbl5n.toml export.csv": (3,),  # the export has a bad row
    "registers refresh": (3,),  # offline, nothing is cached
    "audit verify --newest": (2,),  # an earlier check of another log
    "monitor": (0, 4),
    "rollback": (2,),  # nothing answered before
    "nightly --dask": (2,),  # the scheduler is away
    "restore": (0, 2),  # data are there already, where it does not replace them
    "promote default": (0, 2),  # the version answers already
}
"""Exit codes other than 0, by how a command begins."""
CLOSES = ("123456789FEC20241231.txt", "123456789FEC20251231.txt")
SMALL = {"most_rows": 2_000, "max_rounds": 20, "num_leaves": 7, "max_depth": 3}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the commands name."""
    place = tmp_path_factory.mktemp("company")
    for folder in ("mappings", "samples", "scenarios"):
        shutil.copytree(ROOT / "data" / folder, place / "data" / folder)
    samples = place / "data/samples"
    made = write_years(simulate(60, 30, 3)[0], place / "fec")
    for name, path in zip(CLOSES, sorted(made)[-2:], strict=True):
        (place / name).with_name(path.name).write_bytes(path.read_bytes())
    params = {"late": {**SMALL, "rounds": 10}, "default": SMALL}
    (place / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    for name in ("mine", "old", "new"):
        (place / f"{name}.toml").write_text(policy_text().replace("2026.12", name), encoding="utf-8")
    for name in ("accounts.csv", "urssaf.csv", "insurance.csv", "scores.csv", "notices.json"):
        shutil.copy(samples / "registers" / name, place / name)
    with zipfile.ZipFile(place / "StockUniteLegale_utf8.zip", "w") as packed:
        packed.write(samples / "registers/legal_units.csv", "StockUniteLegale_utf8.csv")
    shutil.copy(samples / "registers/rates.csv", place / "eurofxref-hist.csv")
    listed = (samples / "registers/customers.csv").read_text(encoding="utf-8")
    (place / "customers.csv").write_text(f"{listed}411A1,Durand SARL,\n411B2,Durand,\n", encoding="utf-8")
    return place


@pytest.fixture
def there(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    monkeypatch.setenv("ENCOURS_REGISTERS_OFFLINE", "true")
    return place


def in_order() -> list[tuple[str, ...]]:
    """The commands, those that differ in a reason's words alone once."""
    given = {said(words): words for words in of_encours() if words[0] not in ELSEWHERE and words != LONG}
    return sorted(given.values(), key=lambda words: ORDER.index(words[0]))


def said(words: tuple[str, ...]) -> tuple[str, ...]:
    """A command without the words of its reason."""
    return tuple(word for before, word in pairwise(("", *words)) if before != "--reason")


def test_every_command_shown_runs_and_ends_as_it_should(there: Path):
    wrong = []
    for words in in_order():
        prepare(words, there)
        code, shown = give(filled_in(words, there))
        expected = next((codes for how, codes in CODES.items() if " ".join(words).startswith(how)), (0,))
        if code not in expected:
            wrong.append((" ".join(words), code, shown[-600:]))
    assert wrong == []


def prepare(words: tuple[str, ...], there: Path) -> None:
    """Put the export in place that a mapping reads: the French one, or the English one with a bad row."""
    if "export.csv" in words:
        french = any("_fr" in word for word in words)
        text = (there / f"data/samples/fbl5n{'_fr' if french else ''}.txt").read_bytes()
        if not french:
            last = text.rstrip(b"\r\n").splitlines()[-1].split(b"\t")
            last[3], last[10] = b"1899999999", b"much"
            text = text.rstrip(b"\r\n") + b"\r\n" + b"\t".join(last) + b"\r\n"
        (there / "export.csv").write_bytes(text)


def filled_in(words: tuple[str, ...], there: Path) -> list[str]:
    """Put real names where the documentation has to make them up."""
    names = dict(zip(CLOSES, sorted(path.name for path in there.glob("*FEC*.txt")), strict=True))
    names["tcp://10.0.0.5:8786"] = "tcp://127.0.0.1:9"
    if "SOURCE" in words:
        names["SOURCE"] = next(iter(quarantined(there / "data/ledger")))[:12]
    if "C000278" in words:
        store = open_store(PipelineSettings().store_url)
        names["C000278"] = store.customers_by_risk(1_000)[-1].customer_id
        store.close()
    if "--generate" in words:
        names["anne"] = "bernard"
    return [names.get(word, word) for word in words]


def give(words: list[str]) -> tuple[int, str]:
    done = CliRunner().invoke(app, words, input="a long enough password\n" * 2)
    if isinstance(done.exception, CreditError):
        return 2, str(done.exception)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output
