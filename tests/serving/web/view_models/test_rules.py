import datetime as dt

from models.policy.document import load_policy
from serving.store.rows import ACTIONS
from serving.web.view_models.rules import models_view, policy_view
from serving.web.words import both_texts, words
from tests.models.policy.builders import earlier_policy

FR = words("fr")


def a_champion(**changes: object):
    values = {
        "target": "late30",
        "model_version": "abc",
        "rests_on": "own",
        "features": 146,
        "rows": 2_500,
        "bad_share": 0.125,
        "test_metrics": {"auc": 0.7512, "rows": 10.0},
    }
    return values | changes


def test_every_rule_has_a_figure_for_every_grade():
    policy = load_policy()
    view = policy_view(policy, "version = 1", FR)
    assert (view.version, view.hash, view.text) == (policy.version, policy.hash, "version = 1")
    assert all(len(row) == len(view.grades) for _, row in view.by_grade)
    told = dict(view.by_grade)
    assert told["Part des capitaux propres"] == tuple(
        FR.share(policy.capacity.net_worth_share[g], 0) for g in "ABCDE"
    )
    assert told["Défaillance à 12 mois, au plus"][-1] == "au-delà"
    shown = dict(view.figures)
    assert shown["Plafond admis sans validation"] == FR.eur(policy.unapproved_limit_eur)
    assert shown["Dépassement du plafond toléré"].endswith(", accepté")
    assert shown["Ce qui utilise le plafond"].startswith("factures ouvertes, livré non facturé")
    assert view.approvals_heading == "Qui valide quel plafond"
    assert policy_view(earlier_policy(), None, FR).approvals_heading == "Qui valide quel encours"
    assert len(view.approvals) == len(policy.approval.levels)


def test_a_model_is_told_with_what_is_known_of_it():
    (view,) = models_view({"champions": [a_champion()], "history": []}, FR).champions
    told = dict(view.figures)
    assert view.title == "Retard de plus de 30 jours"
    assert told["AUC"] == "0,751"
    assert told["Part des cas défavorables"] == FR.share(0.125)
    assert "Score de Brier" not in told


def test_the_history_names_both_persons_where_two_are_needed():
    entry = {
        "at": dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
        "target": "default12",
        "version": 3,
        "model_version": "abc",
        "rests_on": "own",
        "action": "promoted",
        "who": "dominique",
        "second": "camille",
        "reason": "essai concluant",
    }
    (line,) = models_view({"champions": [], "history": [entry]}, FR).history
    assert line.who == "dominique, camille"
    assert line.action == "mise en service"
    assert line.at.startswith("20/11/2026")


def test_every_action_has_words():
    assert {f"action.{one}" for one in ACTIONS} - set(both_texts()) == set()
