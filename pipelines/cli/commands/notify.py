"""Commands on e-mails and webhooks: send what is due, list, send a dead one again.

Wiring only; `pipelines.cli.app` registers them.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import notify as console_notify
from pipelines.cli.wiring import LangOption

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.notifications.delivery import DeliveryReport
    from serving.store import NewMessage, Run, Store

notify = typer.Typer(no_args_is_help=True, help="E-mails and webhooks about a night's alerts.")


@notify.command("send")
def notify_send(lang: LangOption = "fr") -> None:
    """Send every message that is due, and failed ones again; a timer runs this every few minutes."""
    with closing(wiring.store()) as store:
        console_notify.delivered(deliver(store), lang)


@notify.command("list")
def notify_list(
    dead: Annotated[bool, typer.Option("--dead", help="Only messages that were given up.")] = False,
    lang: LangOption = "fr",
) -> None:
    """List messages, the newest first, with their attempts and why the last one failed."""
    from serving.usecases.notifications import Notifications

    with closing(wiring.store()) as store:
        console_notify.listed(Notifications(lambda: store).listed(only_dead=dead), lang)


@notify.command("resend")
def notify_resend(
    message: Annotated[str, typer.Argument(help="The message's id, as `list` shows it.")],
    lang: LangOption = "fr",
) -> None:
    """Make a message that was given up due again, under the same id; `send` then sends it."""
    from serving.usecases.notifications import Notifications

    with closing(wiring.store()) as store:
        found = Notifications(lambda: store).resend(message, wiring.caller())
        console_notify.renewed(found, lang)


def send_what_is_due() -> None:
    """Send every message that is due and print how that went; do nothing without recipients."""
    from pipelines.notifications.settings import NotificationSettings

    if NotificationSettings().recipients is not None:
        with closing(wiring.store()) as store:
            console_notify.delivered(deliver(store), "fr")


def deliver(store: Store) -> DeliveryReport:
    """Send every message that is due, as the environment says."""
    from pipelines.notifications.delivery import deliver_due, sender_of
    from pipelines.notifications.settings import NotificationSettings, load_recipients

    settings = NotificationSettings()
    return deliver_due(store, sender_of(settings, load_recipients(settings), store.now))


def outgoing(store: Store) -> Callable[[Run], Sequence[NewMessage]]:
    """Return what makes the messages of a night, as the environment says; nothing without recipients."""
    from pipelines.notifications.messages import night_messages
    from pipelines.notifications.settings import NotificationSettings, load_recipients

    settings = NotificationSettings()
    recipients = load_recipients(settings)
    return lambda run: night_messages(store, run, recipients, settings.public_url)
