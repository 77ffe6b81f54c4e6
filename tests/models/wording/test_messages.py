"""Every refusal of an import, a check and the quarantine has a French twin that names the same values."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from models.wording import messages
from models.wording.messages import french
from models.wording.numerals import SPACE

ROOT = Path(messages.__file__).parents[2]
SPOKEN = [
    *(
        path
        for folder in ("maintenance", "sources/bookkeeping", "sources/fec", "sources/mapping", "uploads")
        for path in (ROOT / "pipelines" / folder).glob("*.py")
    ),
    *(ROOT / "pipelines" / name for name in ("ledger_parts.py", "source_files.py", "workers.py")),
    *(
        ROOT / "pipelines" / "validation" / name
        for name in ("quarantine.py", "source_readings.py", "history.py")
    ),
    *(
        ROOT / "pipelines" / "sources" / "registers" / name
        for name in ("files.py", "stock.py", "portfolio.py")
    ),
    *(
        ROOT / "serving" / "store" / name
        for name in ("backups.py", "engine.py", "keys.py", "passwords.py", "pruning.py", "users.py")
    ),
    *(
        ROOT / "serving" / "usecases" / name
        for name in (
            "access.py",
            "overrides.py",
            "promoted_models.py",
            "policy_changes.py",
            "subjects.py",
            "uploads.py",
        )
    ),
    *(ROOT / "models" / "ledger" / name for name in ("conversion.py", "decision_file.py", "files.py")),
    *(ROOT / "models" / "law").glob("*.py"),
    *(
        ROOT / "pipelines" / name
        for name in ("entities/decisions.py", "training/promotion.py", "onboarding.py")
    ),
]
KEYS = frozenset({"shape.py", "loading.py"})
"""What is said of a mapping's own keys, to whoever writes it: English, as the keys are."""
PAIRS = tomllib.loads(Path(messages.__file__).with_name("messages_fr.toml").read_text("utf-8"))["message"]


def refusals(path: Path) -> Iterator[str]:
    """Return what a module's errors say, each value that is put in written as a word."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_error = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error")
        )
        if is_error and node.args and (text := literal(node.args[0])):
            yield text


def literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "valeur" for part in node.values
        )
    return None


def test_what_is_refused_is_said_in_french_too():
    spoken = [path for path in SPOKEN if path.name not in KEYS]
    missing = [
        (path.name, text)
        for path in spoken
        for text in refusals(path)
        if text != "valeur: valeur" and french(text) == text
    ]
    assert missing == []


def test_both_languages_name_the_same_values():
    for pair in PAIRS:
        english, told = (sorted(set(messages._FIELD.findall(pair[name]))) for name in ("en", "fr"))
        assert english == told == [str(place) for place in range(len(english))], pair["en"]


def test_no_message_is_there_twice():
    assert len({pair["en"] for pair in PAIRS}) == len(PAIRS)


def test_figures_are_written_as_the_words_around_them_are():
    told = french("a.csv has more than 1,048,576 rows; export it in parts, or raise ENCOURS_IMPORT_ROWS")
    assert f"plus de 1{SPACE}048{SPACE}576 lignes" in told


def test_a_message_within_a_message_is_put_into_french_too():
    assert "fichier ou dossier introuvable" in french("a.csv cannot be read: No such file or directory")


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_file_is_called_its_refusal_is_french(name: str, why: str):
    assert french(f"{name} is UTF-16; export it as UTF-8, ISO-8859-15 or CP1252").endswith("CP1252")
    assert french(f"{name} cannot be read: {why}; import the file again") != ""
