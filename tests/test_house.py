"""The house's own rules that no tool checks: sizes of files and functions, no asserts, no month feature."""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for package in ("models", "serving", "pipelines", "benchmarks", "docs")
    for path in (ROOT / package).rglob("*.py")
)


def code_lines(node: ast.AST, text: str) -> int:
    """Lines of code of a function: without its docstring, blank lines and comments."""
    body = node.body  # type: ignore[attr-defined]
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if not body:
        return 0
    lines = text.splitlines()[body[0].lineno - 1 : node.end_lineno]  # type: ignore[attr-defined]
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


@dataclass(frozen=True)
class Module:
    """What the rules ask of a file."""

    lines: int
    is_described: bool
    classes: list[str]
    faults: list[str]


@cache
def modules() -> dict[str, Module]:
    """Read every file once; a tree of it is too large to be kept."""
    return {str(path.relative_to(ROOT)): read(path.read_text(encoding="utf-8")) for path in SOURCES}


def read(text: str) -> Module:
    tree, classes, faults = ast.parse(text), [], []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            classes.append(node.name)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node, text) > 40:
            faults.append(f"line {node.lineno}: {node.name} has more than 40 lines")
        if isinstance(node, ast.Assert):
            faults.append(f"line {node.lineno}: raise an error of ours instead")
    return Module(len(text.splitlines()), bool(ast.get_docstring(tree)), classes, faults)


def test_files_and_functions_stay_small_and_assert_nothing():
    assert {path: one.lines for path, one in modules().items() if one.lines > 400} == {}
    assert {path: one.faults for path, one in modules().items() if one.faults} == {}


def test_the_rules_are_applied():
    long = "def f():\n" + "    x = 1\n" * 41
    assert read(long).faults == ["line 1: f has more than 40 lines"]
    assert read("assert True\n").faults == ["line 1: raise an error of ours instead"]


def test_files_of_tests_stay_small():
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py")
    }
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > 400} == {}


def test_no_class_name_stands_for_two_things():
    homes: dict[str, list[str]] = {}
    for path, one in modules().items():
        for name in one.classes:
            homes.setdefault(name, []).append(path)
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_every_module_says_what_it_owns():
    assert [path for path, one in modules().items() if not one.is_described] == []


def test_ci_runs_the_test_command_of_the_readme():
    commands = (ROOT / ".ci" / "run").read_text().splitlines()
    assert "uv run pytest" in commands
    assert "\nuv run pytest\n" in (ROOT / "README.md").read_text()


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_policy_travels_with_the_package():
    packaged = tomllib.loads((ROOT / "models" / "policy" / "policy.toml").read_text(encoding="utf-8"))
    assert packaged["version"]
