"""Console output of `encours backup`, `encours restore` and `encours prune`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording.formats import number
from models.wording.numerals import unbroken
from pipelines.cli.console import console
from pipelines.maintenance.manifest import LEDGER, REGISTRY

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.maintenance.installation import Installation
    from pipelines.maintenance.manifest import Manifest
    from pipelines.maintenance.pruning import PruneReport

_MB = 1_000_000
WORDS = {
    "fr": {
        "backed_up": "sauvegarde : {folder} : {files} fichiers, {size} Mo ({parts})",
        "no_ledger": "attention : sans comptes clients, car {folder} n'en contient pas ; indiquez-les avec "
        "--ledger",
        "no_models": "attention : sans les versions d'entraînement des modèles, car {path} n'existe pas",
        "server": "les modèles sont sur un serveur MLflow ; sauvegardez-le de son côté",
        "key": "gardez ENCOURS_AUDIT_KEY ailleurs : la sauvegarde ne la contient pas",
        "restored": "sauvegarde du {made_at} (Encours {program}) vérifiée et restaurée : {files} fichiers, "
        "{size} Mo",
        "dry": "à blanc : rien n'a été supprimé",
        "runs": "traitements de nuit allégés : {thinned}, soit {documents} documents ; inachevés supprimés : "
        "{abandoned}",
        "rest": "versions des comptes clients supprimées : {versions} ; réponses de registres supprimées : "
        "{answers}",
        "size": "base : {before} Mo avant, {after} Mo après",
        "stays": "restent : le journal et ce qu'il faut pour le rejouer, l'historique des clients, les "
        "portefeuilles passés",
        "next": "vérifiez le journal avec `encours audit verify`, puis relancez le serveur",
    },
    "en": {
        "backed_up": "backup: {folder}: {files} files, {size} MB ({parts})",
        "no_ledger": "warning: without a ledger, for {folder} holds none; give it with --ledger",
        "no_models": "warning: without the training's versions of models, for {path} does not exist",
        "server": "models are on an MLflow server; back it up on its side",
        "key": "keep ENCOURS_AUDIT_KEY elsewhere: the backup does not contain it",
        "restored": "backup of {made_at} (Encours {program}) verified and restored: {files} files, {size} MB",
        "dry": "dry run: nothing was removed",
        "runs": "nightly runs thinned: {thinned}, with {documents} documents; unfinished ones removed: "
        "{abandoned}",
        "rest": "versions of the ledger removed: {versions}; answers of registers removed: {answers}",
        "size": "store: {before} MB before, {after} MB after",
        "stays": "what stays: the audit log and what its replays need, customers' history, past portfolios",
        "next": "verify the log with `encours audit verify`, then start the server again",
    },
}


def backed_up(folder: Path, manifest: Manifest, installation: Installation, lang: str) -> None:
    """Print what a backup contains, and what it does not."""
    parts = manifest.parts
    say("backed_up", lang, folder=folder, parts=", ".join(parts), **_sizes(manifest, lang))
    if LEDGER not in parts:
        say("no_ledger", lang, folder=installation.ledger)
    if installation.registry is None:
        say("server", lang)
    elif REGISTRY not in parts:
        say("no_models", lang, path=installation.registry)
    say("key", lang)


def restored(manifest: Manifest, lang: str) -> None:
    """Print what was restored, and what to do next."""
    made = {"made_at": manifest.made_at, "program": manifest.program}
    say("restored", lang, **made, **_sizes(manifest, lang))
    say("next", lang)


def pruned(report: PruneReport, lang: str) -> None:
    """Print what was removed, or would be, what stays, and the size of the store."""
    if report.dry:
        say("dry", lang)
    runs = {name: number(getattr(report.runs, name), lang) for name in ("thinned", "documents", "abandoned")}
    say("runs", lang, **runs)
    say("rest", lang, versions=number(report.versions, lang), answers=number(report.answers, lang))
    sizes = (report.size_before_bytes, report.size_after_bytes)
    before, after = (megabytes(size, lang) for size in sizes)
    say("size", lang, before=before, after=after)
    say("stays", lang)


def megabytes(size_bytes: int, lang: str) -> str:
    """Return a size in megabytes, without the unit.

    Examples
    --------
    >>> megabytes(1_234_567, "en"), megabytes(0, "fr")
    ('1.2', '0,0')
    """
    return number(size_bytes / _MB, lang, 1)


def say(name: str, lang: str, **values: object) -> None:
    """Print a sentence of `WORDS`."""
    words = WORDS[lang][name]
    console.say((unbroken(words) if lang == "fr" else words).format(**values))


def _sizes(manifest: Manifest, lang: str) -> dict[str, str]:
    return {"files": number(len(manifest.files), lang), "size": megabytes(manifest.size_bytes, lang)}
