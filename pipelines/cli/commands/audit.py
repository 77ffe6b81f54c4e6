"""The commands `encours audit …`: wiring only. `verify` exits with 2 if the log was altered."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import audit as console_audit

audit = typer.Typer(no_args_is_help=True, help="The log of who asked what and what was answered.")
Newest = Annotated[
    str | None,
    typer.Option(
        "--newest",
        metavar="NUMBER:LINK/NUMBER:LINK",
        help="What an earlier `verify` printed, of the log and of the seals: it must still stand.",
    ),
]


@audit.command()
def verify(newest: Newest = None) -> None:
    """Read the log and what answers rest on, and tell what was changed, dropped or put in.

    Read over are all entries, the states that answers were computed from, policies, overrides, promotions,
    users and keys.
    """
    known = () if newest is None else _known(newest)
    with closing(wiring.store()) as store:
        found = store.check_audit(*known)
    console_audit.checked(found)
    raise typer.Exit(0 if found.sound else 2)


@audit.command()
def key() -> None:
    """Make a key for ENCOURS_AUDIT_KEY and print it once; keep it where the database is not."""
    import secrets

    typer.echo(secrets.token_urlsafe(32))


def _known(text: str) -> tuple[tuple[int, str] | None, tuple[int, str] | None]:
    """Return the positions of an entry and of a seal, each optional."""
    found: list[tuple[int, str] | None] = []
    for part in text.partition("/")[::2]:
        number, _, link = part.partition(":")
        if part and (not number.isdecimal() or not link):
            found.clear()
            break
        found.append((int(number), link) if part else None)
    if not any(found):
        wiring.refuse(
            f"--newest is {text!r}; give NUMBER:LINK/NUMBER:LINK as an earlier `encours audit verify` "
            "printed it"
        )
    entry, seal = found
    return entry, seal
