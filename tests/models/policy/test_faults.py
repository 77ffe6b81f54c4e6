import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError

from models.errors import PolicyError
from models.policy.document import Policy, policy_faults, policy_from_text, policy_text
from models.policy.faults import faults_of
from models.policy.sections.fields import Euros, OneForEach, OneOf, PolicySection, Rising, Rows, Share, Text
from models.wording.numerals import SPACE

PACKAGED = policy_text()
VALUES = tomllib.loads(PACKAGED)


class Step(PolicySection):
    below: Annotated[int, Field(ge=1, le=9)]
    cap: Euros


class Document(PolicySection):
    version: Text
    shares: Annotated[Mapping[str, Share], OneForEach(("A", "B", "C"), "rising")]
    days: Annotated[int, OneOf((0, 15))] = 0
    flag: bool = False
    names: Rows[Text] = ()
    rows: Annotated[Rows[Step], Rising("below", "cap")] = ()
    more: Step | None = None


SOUND = 'version = "1"\n[shares]\nA = 0.1\nB = 0.2\nC = 0.3\n'


def told(text: str) -> list[str]:
    try:
        Document.model_validate(tomllib.loads(text))
    except ValidationError as error:
        return [fault.located("policy.toml") for fault in faults_of(error, Document, text)]
    return []


def test_each_fault_names_its_line_and_key_in_the_order_of_lines():
    text = """\
# a policy
version = " "
names = ["a", " ", 3]
days = 7
flag = 1

[shares]
A = 0.4
B = 1.4   # too much
"odd.key" = 1

[[rows]]
below = 1
cap = "much"

[[rows]]
below = 2.5

[unknown.table]
x = 1
y = 2

[empty]
"""
    document = "allowed are days, flag, more, names, rows, shares, version"
    assert told(text) == [
        "policy.toml:2: version: got ' '; allowed is a text that is not empty",
        "policy.toml:3: names[1]: got ' '; allowed is a text that is not empty",
        "policy.toml:3: names[2]: got 3; allowed is a text that is not empty",
        "policy.toml:4: days: got 7; allowed is one of 0, 15",
        "policy.toml:5: flag: got 1; allowed is true or false",
        "policy.toml:7: shares.C: missing; allowed is a number from 0 to 1",
        "policy.toml:9: shares.B: got 1.4; allowed is a number from 0 to 1",
        'policy.toml:10: shares."odd.key": no such key; allowed are A, B, C',
        "policy.toml:14: rows[0].cap: got 'much'; allowed is a number from 0",
        "policy.toml:16: rows[1].cap: missing; allowed is a number from 0",
        "policy.toml:17: rows[1].below: got 2.5; allowed is a whole number from 1 to 9",
        f"policy.toml:19: unknown: no such key; {document}",
        f"policy.toml:23: empty: no such key; {document}",
    ]


def test_every_number_that_breaks_an_order_is_named():
    assert told(SOUND.replace("0.2", "0.4").replace("0.1", "0.9")) == [
        "policy.toml:4: shares.B: got 0.4 after 0.9; allowed are rising numbers",
        "policy.toml:5: shares.C: got 0.3 after 0.4; allowed are rising numbers",
    ]


def test_rows_whose_first_key_stands_still_or_whose_second_falls_are_refused():
    rows = "rows = [\n{ below = 2, cap = 1 },\n{ below = 2, cap = 1 }]\n"
    assert told(rows + SOUND) == ["policy.toml:3: rows[1].below: got 2 after 2; allowed are rising numbers"]
    falling = rows.replace("below = 2, cap = 1 }]", "below = 3, cap = 0 }]")
    assert told(falling + SOUND) == [
        "policy.toml:3: rows[1].cap: got 0.0 after 1.0; allowed are rising numbers"
    ]
    assert told(falling.replace("cap = 0", "cap = 1") + SOUND) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rows = 3", "got 3; allowed is a list of tables"),
        ("rows = [1]", "got 1; allowed is a table of below, cap"),
        ("names = 'x'", "got 'x'; allowed is a list of texts, none of them empty"),
        ("more = 4", "got 4; allowed is a table of below, cap"),
        ("more = { below = true, cap = 1 }", "got True; allowed is a whole number from 1 to 9"),
    ],
)
def test_what_is_of_another_kind_is_one_fault(text: str, words: str):
    (fault,) = told(f"{text}\n{SOUND}")
    assert fault.endswith(words)


def test_faults_are_told_in_french_too():
    text = (
        PACKAGED.replace("lgd_share = 0.60", "lgd_share = 1.6")
        .replace("bootstrap = 1000", "bootstrap = 1")
        .replace("B = 0.35", "B = 0.45")
        .replace("step_eur = 100.0", "step_eur = 0.125")
        .replace("[alerts]", "odd = 1\n[alerts]")
        .replace("margin_share = 0.10\n", "")
    )
    told = [fault.words.replace(SPACE, " ") for fault in policy_faults(text, "kept", "fr")]
    *some, unknown, bootstrap = told
    assert some == [
        "reçu 0.45 après 0.4 ; attendu : des nombres décroissants",
        "reçu 1.6 ; attendu : un nombre supérieur à 0, au plus 1",
        "reçu 0.125 ; attendu : un nombre entier de centimes",
        "absent ; attendu : un nombre de 0 à 1",
    ]
    assert unknown.startswith("clé inconnue ; clés admises : ")
    assert bootstrap == "reçu 1 ; attendu : un nombre entier de 100 à 10000"


def test_a_section_that_is_missing_is_one_fault():
    text = PACKAGED.replace("[alerts]", "[other]")
    found = [(fault.line, fault.key, fault.words.partition(";")[0]) for fault in policy_faults(text, "kept")]
    line = PACKAGED.splitlines().index("[alerts]") + 1
    assert found == [(1, "alerts", "missing"), (line, "other", "no such key")]


def test_all_faults_are_raised_at_once_one_a_line():
    text = PACKAGED.replace("step_eur = 100.0", "step_eur = 0").replace('version = "2026.12"', "version = 2")
    with pytest.raises(PolicyError) as caught:
        policy_from_text(text, "some/folder/policy.toml")
    first, *faults = str(caught.value).splitlines()
    assert first == "some/folder/policy.toml: 2 to correct:"
    assert [fault.split(":")[2].strip() for fault in faults] == ["version", "limit.step_eur"]


def test_a_text_that_is_no_toml_says_where():
    with pytest.raises(PolicyError, match="line 1"):
        policy_from_text("version = \n", "policy.toml")


def keys(values: Mapping[str, object], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [
        path
        for key, value in values.items()
        for path in (keys(value, (*above, key)) if isinstance(value, dict) else [(*above, key)])
    ]


def broken(path: tuple[str, ...], value: object) -> dict[str, Any]:
    """Return the packaged policy with one value replaced."""
    values = table = deepcopy(VALUES)
    for part in path[:-1]:
        table = table[part]
    table[path[-1]] = value
    return values


def is_flag(path: tuple[str, ...]) -> bool:
    return isinstance(reduce(getitem, path, VALUES), bool)


@pytest.mark.parametrize("value", [{}, [[]], {"x": 1}, -1e12, " ", True], ids=repr)
def test_a_value_of_another_kind_is_found_at_its_key(value: object):
    for path in keys(VALUES):
        if value is True and is_flag(path):
            continue
        with pytest.raises(ValidationError) as caught:
            Policy.model_validate(broken(path, value))
        found = faults_of(caught.value, Policy, PACKAGED)
        french = faults_of(caught.value, Policy, PACKAGED, "fr")
        assert found, path
        assert [(one.line, one.key) for one in found] == [(one.line, one.key) for one in french]
        assert all(fault.key.startswith(".".join(path)) for fault in found), path
