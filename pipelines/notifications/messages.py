"""Messages about a night: a digest for each recipient of e-mails, the alerts for each webhook.

Owns their ids and the payload of a webhook. An id follows from the run and the recipient: the same night
again enters nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.notifications.digest import digest
from serving.store import NewMessage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from pipelines.notifications.settings import RecipientList
    from serving.store import AlertRow, OutboxChannel, Run, Store

EVENT_TYPE = "alerts.published"
MOST_IN_PAYLOAD = 100
"""Largest number of alerts in a webhook; `total` counts all, and the API has the others."""
_AT_ONCE = 1000


def night_messages(store: Store, run: Run, recipients: RecipientList, public_url: str) -> list[NewMessage]:
    """Return the messages about a run whose alerts are written; none to who wants none of them.

    Parameters
    ----------
    public_url
        Address of the pages, for links in e-mails.
    """
    if not (recipients.email or recipients.webhook):
        return []
    alerts, as_of = list(_alerts(store, run.run_id)), run.key.as_of
    digests = [
        _message(run, "email", person.name, digest(wanted, as_of, person.language, public_url))
        for person in recipients.email
        if (wanted := [alert for alert in alerts if person.wants(alert.severity)])
    ]
    payloads = [
        _message(run, "webhook", endpoint.name, _payload(run, wanted, store.now()))
        for endpoint in recipients.webhook
        if (wanted := [alert for alert in alerts if endpoint.wants(alert.severity)])
    ]
    return [*digests, *payloads]


def _alerts(store: Store, run_id: int) -> Iterator[AlertRow]:
    offset = 0
    while found := store.alerts(limit=_AT_ONCE, offset=offset, run_id=run_id).items:
        yield from found
        offset += len(found)


def _payload(run: Run, alerts: Sequence[AlertRow], now: dt.datetime) -> dict[str, Any]:
    return {
        "type": EVENT_TYPE,
        "timestamp": now.isoformat(),
        "data": {
            "as_of": run.key.as_of.isoformat(),
            "run_id": run.run_id,
            "total": len(alerts),
            "by_severity": dict(Counter(alert.severity for alert in alerts)),
            "alerts": [asdict(alert) for alert in alerts[:MOST_IN_PAYLOAD]],
        },
    }


def _message(run: Run, channel: OutboxChannel, endpoint: str, body: dict[str, Any]) -> NewMessage:
    key = [run.run_id, *(str(value) for value in asdict(run.key).values()), channel, endpoint]
    message_id = f"msg_{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]}"
    return NewMessage(message_id, run.run_id, channel, endpoint, body)
