"""The commands `audit …`: wiring only. `verify` ends with 2 where the log is not as it was written."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from pipelines import wiring
from pipelines.console import audit as console_audit

audit = typer.Typer(no_args_is_help=True, help="The log of who asked what and what was answered.")
Newest = Annotated[
    str | None,
    typer.Option(
        "--newest", metavar="NUMBER:LINK", help="What an earlier `verify` printed: it must still stand."
    ),
]


@audit.command()
def verify(newest: Newest = None) -> None:
    """Read the whole log over, and tell whether an entry was changed, dropped or put in between."""
    known = None if newest is None else _known(newest)
    with closing(wiring.store()) as store:
        found = store.check_audit(known)
    console_audit.checked(found)
    raise typer.Exit(0 if found.sound else 2)


@audit.command()
def key() -> None:
    """Make a key for ENCOURS_AUDIT_KEY and print it once; keep it where the database is not."""
    import secrets

    typer.echo(secrets.token_urlsafe(32))


def _known(text: str) -> tuple[int, str]:
    number, _, link = text.partition(":")
    if not number.isdecimal() or not link:
        wiring.refuse(
            f"--newest is {text!r}; give NUMBER:LINK as an earlier `encours audit verify` printed it"
        )
    return int(number), link
