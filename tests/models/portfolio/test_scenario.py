import datetime as dt
from pathlib import Path

import pytest

from models.errors import ScenarioError
from models.policy.document import load_policy
from models.portfolio.scenario import scenario_faults, scenario_from_text
from models.portfolio.stress import StressBase, stressed
from tests.models.portfolio.positions import a_position, positions_of

SHIPPED = sorted((Path(__file__).parents[3] / "data" / "scenarios").glob("*.toml"))
WRONG = """\
name = { fr = "essai" }
valid_until = 2026-11-20
colour = 3
lgd_share = 1.2
[macro]
quantile = 0.9
deviations = 2
[[sector]]
divisions = ["41", "4"]
odds = 2
[delays]
days = -1
[insurance]
lost = "Assureur A"
[[failure]]
siren = "12"
group_share = 5
dependants = [{ customer = "C1" }]
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_names_its_source_in_both_languages_and_runs(path: Path):
    scenario = scenario_from_text(path.read_text("utf-8"), path.name)
    assert scenario.name.en is not None
    assert scenario.description is not None
    assert scenario.description.en is not None
    assert scenario.source is not None
    assert scenario.source.en is not None
    base = StressBase.of(positions_of(a_position("C1"), a_position("C2")), load_policy())
    assert len(stressed(base, scenario).after.pd_12m) == 2


def test_each_fault_names_its_line_and_key_in_the_language_of_the_reader():
    english, french = (
        [fault.located("s.toml") for fault in scenario_faults(WRONG, "s.toml", dt.date(2026, 11, 21), lang)]
        for lang in ("en", "fr")
    )
    assert [line.rpartition(": ")[0].partition(":")[2].split(": ")[0] for line in english] == [
        "2", "3", "4", "5", "9", "12", "14", "16", "17", "18"
    ]  # fmt: skip
    assert "s.toml:5: macro: give exactly one of quantile, deviations" in english
    assert (
        "s.toml:9: sector[0].divisions[1]: got '4'; allowed is a division of the NAF, such as '43'" in english
    )
    assert "s.toml:17: failure[0].group_share: reçu 5 ; attendu : un nombre de 0 à 1" in "\n".join(
        french
    ).replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_division_is_shocked_once():
    shock = '[[sector]]\ndivisions = ["41"]\nmultiplier = 2\n'
    with pytest.raises(ScenarioError, match=r"s.toml:7: sector\[1\].divisions\[0\]: got '41' again"):
        scenario_from_text(f'name = {{ fr = "x" }}\n{shock}\n{shock}', "s.toml")


def test_a_text_that_is_no_toml_says_where():
    with pytest.raises(ScenarioError, match="line 2"):
        scenario_from_text('name = { fr = "x" }\n[macro\nquantile = 1', "s.toml")
