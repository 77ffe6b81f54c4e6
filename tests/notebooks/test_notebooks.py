import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from models.ledger.files import read_ledger
from pipelines.demo.simulator import simulate, write_demo

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ("01_know_the_ledger", "02_review_a_model", "03_price_a_policy")
AFRESH = "%reset -f\nimport warnings\nwarnings.simplefilter('error')\ndel warnings"
"""What is run before each notebook: it finds no name of the last one, and a warning is an error."""
MACHINE_PATH = re.compile(r"/(work|home|root|tmp|usr|Users|mnt|opt)\b|[A-Za-z]:\\\\")
MOST_BYTES = 30_000
pytestmark = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Ran:
    """A notebook's code cells after it was run."""

    cells: tuple[nbformat.NotebookNode, ...]

    def streams(self, which: str) -> str:
        return "".join(o.text for cell in self.cells for o in cell.outputs if o.get("name") == which)


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(cell: nbformat.NotebookNode) -> str:
    """A cell's Python, without IPython's own commands."""
    return "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def environment(folder: Path) -> dict[str, str]:
    """This process's environment without its settings; what a notebook writes goes into the folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ENCOURS_", "MLFLOW_"))}
    return kept | {
        "ENCOURS_WORK": str(folder / "work"),
        "ENCOURS_STORE_URL": f"sqlite:///{folder / 'encours.db'}",
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
        "IPYTHONDIR": str(folder / "ipython"),
        "OMP_THREAD_LIMIT": "1",  # on few rows, threads wait for one another longer than they work
    }


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    """One kernel for all notebooks: to start it and to import the libraries costs more than to run one."""
    folder = tmp_path_factory.mktemp("notebooks")
    manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "kernel"))
    manager.start_kernel(env=environment(folder), cwd=str(folder))
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.fixture(scope="module")
def ran(kernel: KernelManager) -> dict[str, Ran]:
    found = {}
    for name in NAMES:
        notebook = read(name)
        notebook.cells.insert(0, new_code_cell(AFRESH))
        client = NotebookClient(notebook, km=kernel, timeout=600)
        try:
            client.execute()
        finally:
            client.kc.stop_channels()
        found[name] = Ran(tuple(code_cells(notebook)[1:]))
    return found


@pytest.mark.slow
def test_it_runs_without_an_error_a_warning_or_a_word_on_stderr(name: str, ran: dict[str, Ran]):
    assert ran[name].streams("stderr") == ""
    assert all(cell.execution_count for cell in ran[name].cells)


@pytest.mark.slow
def test_every_figure_has_a_title_and_says_what_its_axis_counts(name: str, ran: dict[str, Ran]):
    drawn = [cell for cell in ran[name].cells if any("image/png" in o.get("data", {}) for o in cell.outputs)]
    assert len(drawn) >= 2
    untold = [c.id for c in drawn if "title=" not in c.source or not re.search("[xy]label=", c.source)]
    assert untold == []


@pytest.mark.slow
def test_it_ends_with_a_conclusion_of_figures_in_both_languages(name: str, ran: dict[str, Ran]):
    last = ran[name].cells[-1]
    french, english = "".join(o.text for o in last.outputs).splitlines()
    assert french.startswith("FR ")
    assert english.startswith("EN ")
    assert min(len(re.findall(r"\d+", line)) for line in (french, english)) >= 5
    told = [node for node in ast.walk(ast.parse(code(last))) if isinstance(node, ast.FormattedValue)]
    assert len(told) >= 10


def test_a_notebook_defines_nothing(name: str):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    defined = [
        (cell.id, node.lineno)
        for cell in code_cells(read(name))
        for node in ast.walk(ast.parse(code(cell)))
        if isinstance(node, kinds)
    ]
    assert defined == []


def test_what_is_kept_is_small_and_holds_nothing_of_a_run_or_a_machine(name: str):
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(text) < MOST_BYTES
    assert MACHINE_PATH.findall(text) == []
    cells = code_cells(read(name))
    assert [cell.id for cell in cells if cell.outputs or cell.execution_count or cell.metadata] == []


def test_cells_are_named_by_words_so_that_differences_stay_small(name: str):
    ids = [cell.id for cell in read(name).cells]
    assert len(set(ids)) == len(ids)
    assert [found for found in ids if not re.fullmatch("[a-z]+(-[a-z]+)*", found)] == []
    assert 8 <= len(code_cells(read(name))) <= 14


def test_words_stand_in_french_first_and_in_english_beside(name: str):
    words = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    assert words[0].startswith("# ")
    single = [text for text in words if not text.startswith("## ") and not re.search(r"\n\n\*[^*]+\*$", text)]
    assert single == []


def test_a_ledger_of_ones_own_is_read_where_the_environment_names_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_demo(*simulate(5, 3, seed=1), tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    for other in ("ENCOURS_PARAMS", "ENCOURS_POLICY_PATH"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("ENCOURS_LEDGER", str(tmp_path / "own"))
    cells = {cell.id: code(cell) for cell in read(name).cells}
    names: dict[str, object] = {}
    exec(cells["imports"] + "\n" + cells["ledger"], names)
    assert names["ledger"].payments.equals(read_ledger(tmp_path / "own").payments)


def test_every_notebook_is_run(name: str):
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)
    assert f"`{name}.ipynb`" in (FOLDER / "README.md").read_text(encoding="utf-8")
