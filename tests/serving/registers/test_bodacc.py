"""A legal notice is read in every shape it has been published in, and told of the right company only."""

import datetime as dt
import json
from pathlib import Path

import pytest

from models.errors import RegisterError
from models.ledger.tables import PLANS, PROCEEDING_ENDED, PROCEEDINGS
from serving.registers.bodacc import PAGE, fetch, notices_in
from serving.registers.client import RegisterClient
from serving.registers.documents import records_in
from serving.registers.judgments import meaning_of, natures
from serving.registers.notices import ANNULS, CORRECTS
from tests.serving.registers.local_server import said, serving, settings_for
from tests.serving.registers.samples import (
    ONE,
    THREE,
    TWO,
    a_judgment,
    a_person,
    a_record,
    a_siren,
    as_v1,
    before,
    listed,
)

OPENED = "Jugement d'ouverture de liquidation judiciaire"


def test_a_judgment_is_the_same_in_both_shapes():
    record = a_judgment(7, OPENED, "10 décembre 2025", "2026-01-08")
    (notice,) = notices_in(record)
    assert [notice] == notices_in(as_v1(record))
    assert (notice.siren, notice.kind) == (ONE, "liquidation")
    assert (notice.happened_on, notice.published_on) == (dt.date(2025, 12, 10), dt.date(2026, 1, 8))
    assert notice.notice_id == "A202600077"


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        ("Jugement d'ouverture d'une procédure de sauvegarde", "safeguard"),
        ("Jugement d’ouverture d’une procédure de redressement judiciaire", "receivership"),
        ("JUGEMENT DE CONVERSION EN LIQUIDATION JUDICIAIRE", "liquidation"),
        ("Jugement de clÃ´ture pour insuffisance d'actif", "closure"),
        ("Jugement arrêtant le plan de redressement", "receivership_plan"),
        ("Jugement de clôture pour extinction du passif", "proceeding_ended"),
        ("Jugement mettant fin à la procédure de redressement judiciaire", "proceeding_ended"),
        ("Dépôt de l'état des créances", "none"),
        ("Autre jugement prononçant", "unknown"),
        ("Arrêt de la cour d'appel infirmant une décision soumise à publicité", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_nature_means_what_the_table_says_and_an_unknown_one_is_never_guessed(nature: str, kind: str):
    (notice,) = notices_in(a_judgment(1, nature, "2026-01-05", "2026-01-08"))
    assert notice.kind == kind


def test_the_table_holds_every_kind_of_proceeding():
    assert set(natures().values()) == {*PROCEEDINGS, *PLANS, PROCEEDING_ENDED, "dissolution", "none"}
    assert meaning_of("jugement inventé") == "unknown"


def test_closing_for_want_of_assets_dissolves_a_company_but_no_person():
    nature = "Jugement de clôture pour insuffisance d'actif"
    person = listed(a_person(ONE, "pp"))
    (notice,) = notices_in(a_judgment(1, nature, "2026-01-05", "2026-01-08", listepersonnes=person))
    assert notice.kind == "none"


def test_a_sale_is_about_who_sells_and_never_about_who_buys():
    record = a_record(
        1,
        "vente",
        "2026-01-08",
        registre=[ONE, TWO],
        listepersonnes=listed(a_person(ONE)),
        listeprecedentproprietaire=listed(a_person(TWO)),
        acte=json.dumps({"vente": {"categorieVente": "Achat d'un fonds", "dateEffet": "2025-12-30"}}),
    )
    (notice,) = notices_in(record)
    assert (notice.siren, notice.kind, notice.happened_on) == (TWO, "sale", dt.date(2025, 12, 30))


def test_a_sale_that_names_no_seller_is_about_nobody():
    assert notices_in(a_record(1, "vente", "2026-01-08")) == []


def test_several_sellers_are_each_told_of():
    record = a_record(
        1, "vente", "2026-01-08", listeprecedentproprietaire=listed(a_person(TWO), a_person(THREE))
    )
    assert [notice.siren for notice in notices_in(record)] == [TWO, THREE]


def test_a_striking_off_is_a_closure_on_the_day_activity_ended_or_was_published():
    (company,) = notices_in(a_record(1, "radiation", "2026-01-08", radiationaurcs='{"radiationPM": "O"}'))
    ended = '{"dateCessationActivitePP": "31 décembre 2025"}'
    (person,) = notices_in(a_record(2, "radiation", "2026-01-08", radiationaurcs=ended))
    assert (company.kind, company.happened_on) == ("closure", dt.date(2026, 1, 8))
    assert person.happened_on == dt.date(2025, 12, 31)


def test_a_deposit_says_which_year_was_filed_and_whether_it_is_hidden():
    shown = json.dumps({"dateCloture": "2025-06-30", "typeDepot": "Comptes annuels et rapports"})
    hidden = json.dumps(
        {"dateCloture": "2025-06-30", "descriptif": "avec une déclaration de confidentialité"}
    )
    (one,) = notices_in(a_record(1, "dpc", "2026-01-08", depot=shown))
    (other,) = notices_in(a_record(2, "dpc", "2026-01-08", depot=hidden))
    assert (one.kind, one.happened_on, other.kind) == ("accounts", dt.date(2025, 6, 30), "hidden_accounts")


def test_the_registration_numbers_stand_in_where_the_people_are_not_listed():
    (notice,) = notices_in(a_judgment(1, OPENED, "2026-01-05", "2026-01-08", TWO, listepersonnes=None))
    assert notice.siren == TWO


def test_a_number_with_a_wrong_key_is_no_company():
    wrong = f"{ONE[:8]}{(int(ONE[8]) + 1) % 10}"
    assert notices_in(a_judgment(1, OPENED, "2026-01-05", "2026-01-08", wrong)) == []


def test_a_judgment_without_its_day_is_unknown_and_one_after_its_publication_happened_by_then():
    (undated,) = notices_in(a_judgment(1, OPENED, "", "2026-01-08"))
    (ahead,) = notices_in(a_judgment(2, OPENED, "2027-01-05", "2026-01-08"))
    assert (undated.kind, undated.happened_on) == ("unknown", dt.date(2026, 1, 8))
    assert (ahead.kind, ahead.happened_on) == ("liquidation", dt.date(2026, 1, 8))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"id": None}, "needs id and dateparution"),
        ({"dateparution": "hier"}, "needs id and dateparution"),
        ({"typeavis": "poème"}, "typeavis 'poème' is none of"),
        ({"jugement": "{broken"}, "jugement holds no JSON"),
        ({"listepersonnes": "[1,"}, "listepersonnes holds no JSON"),
        ({"jugement": '{"nature": "x", "date": "le mois dernier"}'}, "date 'le mois dernier' is no day"),
    ],
)
def test_a_record_that_cannot_be_read_says_why(more: dict[str, object], words: str):
    with pytest.raises(RegisterError, match=words):
        notices_in({**a_judgment(1, OPENED, "2026-01-05", "2026-01-08"), **more})


def test_a_correction_and_an_annulment_name_what_they_undo():
    for role, written in ((CORRECTS, "rectificatif"), (ANNULS, "annulation")):
        record = a_judgment(
            9, OPENED, "2026-02-03", "2026-02-10", typeavis=written, parutionavisprecedent=before(7)
        )
        (notice,) = notices_in(record)
        assert (notice.role, notice.undoes) == (role, "A202600077")


def test_an_issue_without_its_year_takes_that_of_its_day():
    named = before(7, numeroParution="7")
    (notice,) = notices_in(
        a_judgment(9, OPENED, "2026-02-03", "2026-02-10", typeavis="annulation", parutionavisprecedent=named)
    )
    assert notice.undoes == "A202600077"


def test_an_annulment_that_names_nobody_still_undoes():
    record = a_record(
        9, "collective", "2026-02-10", registre=None, listepersonnes=None,
        typeavis="annulation", parutionavisprecedent=before(7),
    )  # fmt: skip
    (notice,) = notices_in(record)
    assert (notice.siren, notice.undoes) == ("", "A202600077")


def test_a_judgment_taken_back_by_a_third_partys_opposition_is_an_annulment():
    judgment = json.dumps(
        {"famille": "Rétractation sur tierce opposition", "nature": "x", "date": "2026-02-03"}
    )
    (notice,) = notices_in(
        a_record(9, "collective", "2026-02-10", jugement=judgment, parutionavisprecedent=before(7))
    )
    assert (notice.role, notice.undoes) == (ANNULS, "A202600077")


def test_every_page_is_asked_for(tmp_path: Path):
    records = [a_judgment(number, OPENED, "2026-01-05", "2026-01-08") for number in range(1, PAGE + 6)]

    def page(path: str):
        offset = int(path.split("offset=")[1].split("&", maxsplit=1)[0])
        return said({"total_count": len(records), "results": records[offset : offset + PAGE]})

    with serving(by_path=page) as server, RegisterClient(settings_for(server.url, tmp_path)) as client:
        found = fetch(client, ONE)
    assert (len(found.notices), found.records, len(server.asked)) == (PAGE + 5, PAGE + 5, 2)


def test_notices_about_others_are_a_lie(tmp_path: Path):
    lie = said({"results": [a_judgment(1, OPENED, "2026-01-05", "2026-01-08", a_siren(50))]})
    with (
        serving(lie) as server,
        RegisterClient(settings_for(server.url, tmp_path)) as client,
        pytest.raises(RegisterError, match=f"does not name {ONE}"),
    ):
        fetch(client, ONE)


def test_one_broken_notice_does_not_hide_the_others(tmp_path: Path):
    records = [
        a_judgment(1, OPENED, "2026-01-05", "2026-01-08"),
        a_judgment(2, OPENED, "2026-01-05", "2026-01-08", jugement="{"),
    ]
    with (
        serving(said({"results": records})) as server,
        RegisterClient(settings_for(server.url, tmp_path)) as client,
    ):
        found = fetch(client, ONE)
    assert len(found.notices) == 1
    assert found.faults == ("A202600022: jugement holds no JSON",)


def test_an_answer_without_records_is_refused():
    assert records_in({"records": [{"a": 1}, 5]}) == [{"a": 1}]
    with pytest.raises(RegisterError, match="neither results nor records"):
        records_in({"error": "no"})


OTHER = "Autre jugement prononçant"
ENDED = "Jugement mettant fin à la procédure de redressement judiciaire"
CRISIS = "Jugement mettant fin à la procédure de traitement de sortie de crise"
CONVERTED = "Jugement de conversion en redressement judiciaire de la procédure de sauvegarde"


@pytest.mark.parametrize(
    ("nature", "complement", "kind"),
    [
        (OTHER, "Jugement prononçant la liquidation judiciaire, liquidateur Me X", "liquidation"),
        (
            "Autre jugement d'ouverture",
            "Ouverture d’une procédure de sauvegarde ; mandataire Me Y",
            "safeguard",
        ),
        (OTHER, f"{ENDED} et prononçant la liquidation judiciaire", "liquidation"),
        ("Autre jugement", "Jugement arrêtant le plan de sauvegarde, durée 8 ans", "safeguard_plan"),
        ("Autre jugement", "Rejette la demande d'ouverture de liquidation judiciaire", "unknown"),
        ("Autre jugement", "Désigne Me Z en remplacement", "unknown"),
        ("Autre jugement", "", "unknown"),
        ("Arrêt infirmant une décision", "Jugement prononçant la liquidation judiciaire", "unknown"),
        (f"{CRISIS} et ouvrant une procédure de redressement judiciaire", "", "receivership"),
        (f"{CRISIS} et ouvrant une procédure de liquidation judiciaire", "", "liquidation"),
        (f"{CONVERTED} financière accélérée", "", "receivership"),
    ],
)
def test_another_judgment_means_what_its_complement_says(nature: str, complement: str, kind: str):
    record = a_judgment(1, nature, "2026-01-05", "2026-01-08")
    told = json.loads(str(record["jugement"])) | {"complementJugement": complement}
    (notice,) = notices_in({**record, "jugement": json.dumps(told)})
    assert notice.kind == kind


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("Transfert du siège social hors ressort", "none"),
        ("Radiation suite à transfert au greffe de Lyon", "none"),
        ("Fermeture de l'établissement secondaire", "none"),
        ("Radiation de la succursale", "none"),
        ("", "closure"),
        ("Cessation d'activité", "closure"),
    ],
)
def test_a_striking_off_of_a_branch_or_after_a_move_closes_nothing(comment: str, kind: str):
    struck = json.dumps({"commentaire": comment})
    (notice,) = notices_in(a_record(1, "radiation", "2026-01-08", radiationaurcs=struck))
    assert notice.kind == kind


@pytest.mark.parametrize(
    ("family", "act"),
    [
        ("immatriculation", {"immatriculation": {"categorieImmatriculation": "Suite à réactivation"}}),
        ("creation", {"creation": {"categorieCreation": "Création d'un établissement"}}),
        ("immatriculation", {}),
    ],
)
def test_a_registration_says_that_a_company_lives(family: str, act: dict[str, object]):
    (notice,) = notices_in(a_record(1, family, "2026-02-08", acte=json.dumps(act)))
    assert (notice.kind, notice.is_filing) == ("registered", False)
