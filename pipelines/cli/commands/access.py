"""Commands for access: API keys for programs, users for the pages.

Wiring only; `pipelines.cli.app` registers them. Each change of a key or a user is in the audit log, under the
name of the system's user. A password is never an argument: other users of the machine could read it.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import access as console_access
from pipelines.cli.console import console

if TYPE_CHECKING:
    from serving.store import Store
    from serving.usecases.access import ChangeAccess

keys = typer.Typer(no_args_is_help=True, help="API keys, for programs.")
users = typer.Typer(no_args_is_help=True, help="Users, who sign in to the pages.")

Name = Annotated[str, typer.Argument(help="Who or what will use it.")]
Expires = Annotated[
    int | None, typer.Option("--expires", min=1, max=3650, metavar="DAYS", help="It ends after so many days.")
]
Generate = Annotated[bool, typer.Option("--generate", help="Make the password and show it once.")]
RoleOption = Annotated[str, typer.Option(help="sales, analyst, batch or admin")]


@keys.command("add")
def keys_add(name: Name, role: RoleOption, expires: Expires = None) -> None:
    """Make a key and print it once; only its hash is kept."""
    with closing(wiring.store()) as store:
        made = _access(store).add_key(name, role, expires, wiring.caller())
    typer.echo(made)


@keys.command("list")
def keys_list() -> None:
    """List the keys' names, roles and dates."""
    with closing(wiring.store()) as store:
        console_access.api_keys(store.list_keys(), store.now())


@keys.command("rotate")
def keys_rotate(
    name: Name,
    grace: Annotated[int, typer.Option(min=0, max=365, help="Days that the old key still opens.")] = 7,
    expires: Expires = None,
) -> None:
    """Make a new key of the same name and print it once; the old one opens for a while yet."""
    with closing(wiring.store()) as store:
        made = _access(store).rotate_key(name, dt.timedelta(days=grace), expires, wiring.caller())
    typer.echo(made)


@keys.command("revoke")
def keys_revoke(name: Name) -> None:
    """Make a key worthless, within seconds."""
    with closing(wiring.store()) as store:
        _access(store).revoke_key(name, wiring.caller())
    console.say(f"the key {name} opens nothing any more")


@users.command("add")
def users_add(name: Name, role: RoleOption, generate: Generate = False) -> None:
    """Let somebody sign in; the password is asked for, or made and shown once."""
    from serving.usecases.access import known_role

    known_role(role)
    password = _password(generate)
    with closing(wiring.store()) as store:
        made = _access(store).add_user(name, role, password, wiring.caller())
    _show(made, password, generate)


@users.command("list")
def users_list() -> None:
    """List the users' names, roles and dates."""
    with closing(wiring.store()) as store:
        console_access.users(store.list_users())


@users.command("password")
def users_password(name: Name, generate: Generate = False) -> None:
    """Change somebody's password and end every session of theirs."""
    password = _password(generate)
    with closing(wiring.store()) as store:
        _access(store).set_password(name, password, wiring.caller())
    _show(name, password, generate)


@users.command("disable")
def users_disable(name: Name) -> None:
    """Let somebody sign in no more and end every session of theirs."""
    with closing(wiring.store()) as store:
        _access(store).disable_user(name, wiring.caller())
    console.say(f"{name} cannot sign in any more")


@users.command("role")
def users_role(name: Name, role: RoleOption) -> None:
    """Give somebody another role, which holds within seconds."""
    with closing(wiring.store()) as store:
        _access(store).set_role(name, role, wiring.caller())
    console.say(f"{name} has the role {role}")


def _access(store: Store) -> ChangeAccess:
    from serving.usecases.access import ChangeAccess

    return ChangeAccess(lambda: store)


def _password(generate: bool) -> str:
    """Prompt twice for a password without echo, or generate one."""
    from serving.store.passwords import make

    if generate:
        return make()
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _show(name: str, password: str, made: bool) -> None:
    console.say(f"{name} signs in with this password, shown once:" if made else f"{name} can sign in")
    if made:
        typer.echo(password)
