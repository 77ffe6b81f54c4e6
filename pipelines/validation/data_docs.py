"""Data Docs that work offline: the library's pages as static HTML, under an index of our own.

The library's pages load styles, scripts and a picture from several hosts, and its index is rendered by
scripts. Here scripts and remote resources are removed, one style sheet is inlined in each page, and a content
security policy forbids loading anything else. Folding and filters are lost.
"""

from __future__ import annotations

import html
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.validation.results import CheckReport, CheckResult

STYLE = Path(__file__).parent / "pages" / "data_docs.css"
MARK = ".encours-data-docs"
"""Marker file of a folder that was written here and may be overwritten."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_LOADED = re.compile(r"<(?:link|img)\b[^>]*>", re.IGNORECASE)
_UP = re.compile(r'(?<=href=")(?:\.\./){2,}')
_WORDS = {"ok": "respectée · holds", "error": "erreur · error", "warning": "avertissement · warning"}
_NOT_COMPARED = "rien à comparer · nothing to compare with"


@contextmanager
def drafting(target: Path | None) -> Iterator[Path | None]:
    """Provide a temporary folder for the library's pages.

    Raises
    ------
    LedgerError
        `target` contains files that were not written here.
    """
    if target is None:
        yield None
        return
    if target.exists() and not (target / MARK).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise LedgerError(f"{target} holds something else than Data Docs; name a new or an empty folder")
    with tempfile.TemporaryDirectory() as draft:
        yield Path(draft)


def publish(draft: Path, target: Path, report: CheckReport) -> None:
    """Write the pages of a draft to `target`, replacing those of an earlier run.

    Raises
    ------
    LedgerError
        They cannot be written.
    """
    try:
        if target.exists():
            shutil.rmtree(target)
        target.mkdir(parents=True)
        (target / MARK).touch()
        for page in sorted(draft.glob("validations/*/*/*/*.html")):
            _write(target / "tables" / f"{page.parts[-4]}.html", page.read_text(encoding="utf-8"))
        for page in sorted(draft.glob("expectations/*.html")):
            _write(target / "expectations" / page.name, page.read_text(encoding="utf-8"))
        names = {page.stem for page in target.glob("tables/*.html")}
        (target / "index.html").write_text(_index(report, names), encoding="utf-8")
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror}") from error


def _write(path: Path, page: str) -> None:
    """Write one of the library's pages without scripts and remote resources."""
    still = _LOADED.sub("", _SCRIPT.sub("", page))
    still = _UP.sub("../", still).replace("<head>", f"<head>{_head()}", 1)
    still = still.replace("<body>", '<body><p><a href="../index.html">← index</a></p>', 1)
    path.parent.mkdir(exist_ok=True)
    path.write_text(still, encoding="utf-8")


def _head() -> str:
    style = STYLE.read_text(encoding="utf-8")
    return f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{style}</style>'


def _index(report: CheckReport, names: set[str]) -> str:
    """Return the index page with all rules, table by table."""
    tables = list(dict.fromkeys(result.table for result in report.results))
    parts = [_section(table, [r for r in report.results if r.table == table], names) for table in tables]
    verdict = "sain · sound" if report.ok else "erreurs · errors"
    head = (
        f"<!doctype html><html lang=fr><head><meta charset=utf-8>{_head()}"
        "<meta name=viewport content='width=device-width'><title>Contrôles · Checks</title></head>"
    )
    summary = (
        "<h1>Contrôles de la base clients · Checks of the ledger</h1>"
        f"<p class={'ok' if report.ok else 'error'}>{verdict} — {len(report.results)} règles · rules, "
        f"{len(report.errors)} erreurs · errors, "
        f"{len(report.warnings)} avertissements · warnings</p>"
    )
    return f"{head}<body>{summary}{''.join(parts)}</body></html>\n"


def _section(table: str, results: list[CheckResult], names: set[str]) -> str:
    links = [
        f'<a href="tables/{name}.html">{words}</a>'
        for name, words in ((table, "détail · detail"), (f"{table}_figures", "chiffres · figures"))
        if name in names
    ]
    rows = "".join(_row(result) for result in results)
    return (
        f"<h2>{table}</h2><p>{' · '.join(links)}</p><table><thead><tr><th>Règle · Rule</th>"
        "<th>État · State</th><th class=figure>Lignes en faute · Rows at fault</th>"
        "<th>Exemples · Examples</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(result: CheckResult) -> str:
    state = "ok" if result.ok else result.level
    words = _WORDS[state] if result.compared else _NOT_COMPARED
    return (
        f"<tr><td>{html.escape(result.rule_fr)}<br><span class=muted>{html.escape(result.rule)}</span></td>"
        f"<td class={state if result.compared else 'muted'}>{words}</td>"
        f"<td class=figure>{result.n_bad:,} / {result.n_rows:,}</td>"
        f"<td>{html.escape(', '.join(result.examples))}</td></tr>"
    )
