"""Made-up answers of the registers, in their own shapes, one builder a shape."""

import datetime as dt
import json

from serving.registers.client import RegisterResponse

READ_ON = dt.date(2026, 3, 2)


def a_siren(number: int) -> str:
    """Give a number its Luhn key: the nine digits of a company that there is not."""
    digits = f"{90_000_000 + number:08d}"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{digits}{-total % 10}"


ONE, TWO, THREE = (a_siren(number) for number in (1, 2, 3))


def an_answer(document: object) -> RegisterResponse:
    return RegisterResponse(document, READ_ON, "Registre")


def found_company(siren: str = ONE, **more: object) -> dict[str, object]:
    """One company of the company search."""
    return {
        "siren": siren,
        "nom_complet": "ESSAI DES BOIS (EDB)",
        "nom_raison_sociale": "ESSAI DES BOIS",
        "activite_principale": "43.21A",
        "date_creation": "2011-04-01",
        "date_fermeture": None,
        "date_mise_a_jour_insee": "2026-01-15T08:00:00",
        "etat_administratif": "A",
        "nature_juridique": "5710",
        "tranche_effectif_salarie": "12",
        "siege": {"tranche_effectif_salarie": "NN", "activite_principale": "70.10Z"},
        **more,
    }


def search_answer(*companies: dict[str, object]) -> dict[str, object]:
    return {"results": list(companies), "total_results": len(companies), "page": 1, "per_page": 10}


def a_unit(siren: str = ONE, **more: object) -> dict[str, object]:
    """One row of the stock of legal units."""
    return {
        "siren": siren,
        "dateCreationUniteLegale": "2011-04-01",
        "trancheEffectifsUniteLegale": "12",
        "dateDernierTraitementUniteLegale": "2026-01-15T08:00:00",
        "dateDebut": "2019-06-01",
        "etatAdministratifUniteLegale": "A",
        "nomUniteLegale": "",
        "nomUsageUniteLegale": "",
        "prenomUsuelUniteLegale": "",
        "denominationUniteLegale": "ESSAI DES BOIS",
        "categorieJuridiqueUniteLegale": "5710",
        "activitePrincipaleUniteLegale": "43.21A",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        **more,
    }


def a_person(siren: str, kind: str = "pm") -> dict[str, object]:
    spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
    return {
        "typePersonne": kind,
        "numeroImmatriculation": {"numeroIdentification": spaced, "codeRCS": "RCS"},
        "denomination": "Essai des Bois",
    }


def listed(*people: dict[str, object]) -> str:
    """People as the notices hold them: one alone, or a list, as JSON in a string."""
    return json.dumps({"personne": people[0] if len(people) == 1 else list(people)})


def a_record(number: int, family: str, published: str, siren: str = ONE, **more: object) -> dict[str, object]:
    """One notice of the open data, v2.1."""
    return {
        "id": f"A2026{number:04d}{number}",
        "publicationavis": "A",
        "parution": f"2026{number:04d}",
        "numeroannonce": number,
        "dateparution": published,
        "typeavis": "annonce",
        "familleavis": family,
        "registre": [siren, f"{siren[:3]} {siren[3:6]} {siren[6:]}"],
        "listepersonnes": listed(a_person(siren)),
        **more,
    }


def a_judgment(
    number: int, nature: str, judged: str, published: str, siren: str = ONE, **more: object
) -> dict[str, object]:
    judgment = json.dumps({"type": "initial", "famille": "Jugement", "nature": nature, "date": judged})
    return a_record(number, "collective", published, siren, **{"jugement": judgment, **more})


def before(number: int, **more: object) -> str:
    """What names the notice `number` as the one that is corrected or annulled."""
    named = {
        "nomPublication": "BODACC A",
        "numeroParution": f"2026{number:04d}",
        "numeroAnnonce": str(number),
        "dateParution": "2 février 2026",
    }
    return json.dumps({**named, **more})


def as_v1(record: dict[str, object]) -> dict[str, object]:
    """The same record in the shape of v1: under `fields`, registration numbers joined by commas."""
    joined = ",".join(record["registre"])
    fields = {name: value for name, value in record.items() if value is not None}
    return {"datasetid": "annonces-commerciales", "fields": {**fields, "registre": joined}}


def a_ratio_row(closed: str, siren: str = ONE, **more: object) -> dict[str, object]:
    return {
        "siren": siren,
        "date_cloture_exercice": closed,
        "type_bilan": "C",
        "confidentiality": "Public",
        "chiffre_d_affaires": 1_200_000,
        "marge_brute": 700_000,
        "ebe": 90_000,
        "ebit": 60_000,
        "resultat_net": 41_000,
        "taux_d_endettement": 35.5,
        "credit_clients_jours": 48.2,
        **more,
    }


def a_sheet(closed: str = "2024-12", **forms: dict[str, str]) -> dict[str, object]:
    """A balance sheet of the Banque de France: amounts by code under each form."""
    declarations = [
        {
            "numero_imprime": form.removeprefix("f"),
            "donnees": [
                {"code": code, "valeurs": [amount], "code_type_donnee": "MOA", "evolution": None}
                for code, amount in lines.items()
            ],
        }
        for form, lines in forms.items()
        if form != "computed"
    ]
    computed = [{name: {"valeur": value} for name, value in forms.get("computed", {}).items()}]
    return {
        "data": {
            "annee": closed[:4],
            "date_arrete_exercice": closed,
            "declarations": declarations,
            "valeurs_calculees": computed,
        }
    }
