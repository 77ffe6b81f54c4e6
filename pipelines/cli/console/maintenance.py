"""Console output of `encours backup` and `encours restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording.formats import number
from models.wording.numerals import unbroken
from pipelines.cli.console import console

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.maintenance.installation import Installation
    from pipelines.maintenance.manifest import Manifest

_MB = 1_000_000
WORDS = {
    "fr": {
        "backed_up": "sauvegarde : {folder} : {files} fichiers, {size} Mo",
        "server": "les modèles sont sur un serveur MLflow ; sauvegardez-le de son côté",
        "key": "gardez ENCOURS_AUDIT_KEY ailleurs : la sauvegarde ne la contient pas",
        "restored": "sauvegarde du {made_at} (Encours {program}) vérifiée et restaurée : {files} fichiers, "
        "{size} Mo",
        "next": "vérifiez le journal avec `encours audit verify`, puis relancez le serveur",
    },
    "en": {
        "backed_up": "backup: {folder}: {files} files, {size} MB",
        "server": "models are on an MLflow server; back it up on its side",
        "key": "keep ENCOURS_AUDIT_KEY elsewhere: the backup does not contain it",
        "restored": "backup of {made_at} (Encours {program}) verified and restored: {files} files, {size} MB",
        "next": "verify the log with `encours audit verify`, then start the server again",
    },
}


def backed_up(folder: Path, manifest: Manifest, installation: Installation, lang: str) -> None:
    """Print what a backup contains, and what it does not."""
    say("backed_up", lang, folder=folder, **_sizes(manifest, lang))
    if installation.registry is None:
        say("server", lang)
    say("key", lang)


def restored(manifest: Manifest, lang: str) -> None:
    """Print what was restored, and what to do next."""
    made = {"made_at": manifest.made_at, "program": manifest.program}
    say("restored", lang, **made, **_sizes(manifest, lang))
    say("next", lang)


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
