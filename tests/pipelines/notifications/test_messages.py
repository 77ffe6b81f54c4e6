"""A night makes one message for each recipient that wants any of its alerts, under an id of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.notifications.digest import digest
from pipelines.notifications.messages import night_messages
from pipelines.notifications.settings import RecipientList
from serving.store import Run, Store, open_store
from tests.pipelines.notifications.test_settings import SECRET
from tests.serving.store.builders import AS_OF, NOW, an_alert
from tests.serving.store.test_published import written
from tests.typography import faults

URL = "https://encours.example.org/"


def recipients(severity: str = "medium") -> RecipientList:
    return RecipientList.model_validate(
        {
            "email": [{"name": "credit", "address": "c@example.org", "severity": severity}],
            "webhook": [
                {"name": "erp", "url": "https://e.example.org", "secrets": [SECRET], "severity": severity}
            ],
        }
    )


@pytest.fixture
def night(tmp_path: Path) -> Iterator[tuple[Store, Run]]:
    store = open_store(f"sqlite:///{tmp_path}/encours.db", lambda: NOW)
    yield store, written(store)
    store.close()


def test_everybody_gets_the_alerts_that_are_urgent_enough(night: tuple[Store, Run]):
    email, webhook = night_messages(*night, recipients(), URL)
    assert "2 alertes, dont 1 urgente" in email.body["subject"]
    data = webhook.body["data"]
    assert (data["total"], data["by_severity"]) == (2, {"high": 1, "medium": 1})
    assert [alert["customer_id"] for alert in data["alerts"]] == ["C2", "C1"]


def test_the_same_night_has_the_same_ids_and_every_recipient_its_own(night: tuple[Store, Run]):
    once, again = (night_messages(*night, recipients(), URL) for _ in range(2))
    assert once == again
    assert len({one.message_id for one in once}) == 2


def test_nobody_and_a_night_of_no_interest_make_nothing(night: tuple[Store, Run]):
    store, run = night
    assert night_messages(store, run, RecipientList(), URL) == []
    store.write_findings(run.run_id, {}, [an_alert("C1", severity="low")], [])
    assert night_messages(store, run, recipients("medium"), URL) == []


def test_a_digest_is_text_and_html_in_the_readers_language():
    alerts = [
        an_alert("411/A B", severity="high", name="<b>Dupont & fils", because_fr="Depuis hier : facture F1."),
        *[an_alert(f"C{n}") for n in range(25)],
    ]
    made = digest(alerts, AS_OF, "fr", URL)
    assert "&lt;b&gt;Dupont &amp; fils" in made["html"]
    assert "<b>Dupont" not in made["html"]
    assert "https://encours.example.org/customers/411/A%20B" in made["text"]
    assert "facture F1" in made["text"]
    assert "6" in made["text"].split("Autres alertes")[1]
    assert not faults(made["subject"], "fr")
    english = digest(alerts[:1], AS_OF, "en", "")
    assert english["subject"] == "Encours: 1 alert, 1 urgent (20\xa0Nov\xa02026)"
    assert "http" not in english["text"]
    assert 'href="' not in english["html"]
