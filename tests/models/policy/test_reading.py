import pytest

from models.errors import PolicyError
from models.policy.reading import PolicyReader

TEXT = """\
# a policy
version = "1"

[shares]
A = 0.4
B = 1.4   # too much
"odd.key" = 1

[steps]
rows = [
    { below = 1, cap = 10 },
    { below = 1, cap = "much" },
    { below = 9 },
]

[unknown.table]
x = 1
y = 2

[empty]
"""


def a_reader(text: str = TEXT) -> PolicyReader:
    return PolicyReader.of_text(text, "some/folder/policy.toml")


def told(reader: PolicyReader) -> list[str]:
    return [fault.told("policy.toml") for fault in reader.faults()]


def test_each_fault_names_its_line_and_key_in_the_order_of_lines():
    reader = a_reader()
    reader.steps("steps.rows", "below", "cap")
    reader.numbers("shares", "ABC", 0.0, 1.0)
    reader.text("version")
    reader.whole("more.days", 1, 9)
    assert told(reader) == [
        "policy.toml:1: more.days: missing; allowed is a whole number from 1 to 9",
        "policy.toml:4: shares.C: missing; allowed is a number from 0 to 1",
        "policy.toml:6: shares.B: got 1.4; allowed is a number from 0 to 1",
        'policy.toml:7: shares."odd.key": no such key; allowed are A, B, C',
        "policy.toml:12: steps.rows[1].cap: got 'much'; allowed is a number from 0",
        "policy.toml:13: steps.rows[2].cap: missing; allowed is a number from 0",
        "policy.toml:16: unknown: no such key; allowed are more, shares, steps, version",
        "policy.toml:20: empty: no such key; allowed are more, shares, steps, version",
    ]


def test_a_list_that_nobody_asked_for_is_one_fault():
    reader = a_reader('a = [{ b = 1, c = 2 }]\nversion = "1"\n')
    reader.text("version")
    assert told(reader) == ["policy.toml:1: a: no such key; allowed are version"]


def test_the_first_number_that_breaks_an_order_is_named():
    reader = a_reader("[t]\nA = 1\nB = 3\nC = 2\n")
    reader.numbers("t", "ABC", 0.0, order="rising")
    assert told(reader) == ["policy.toml:4: t.C: got 2.0 after 3.0; allowed are rising numbers"]


def test_steps_whose_thresholds_stand_still_are_refused():
    reader = a_reader("t = [\n{ n = 2, v = 1 },\n{ n = 2, v = 1 }]\n")
    assert reader.steps("t", "n", "v") == ((2, 1.0), (2, 1.0))
    assert told(reader) == ["policy.toml:3: t[1].n: got 2 after 2; allowed are rising numbers"]


@pytest.mark.parametrize("text", ["t = 3", "t = [1, 2]", "t = 'x'"])
def test_what_is_no_list_of_tables_is_one_fault(text: str):
    reader = a_reader(text)
    assert reader.rows("t") == ()
    assert len(told(reader)) == 1


@pytest.mark.parametrize(("text", "read"), [("t = []", ()), ("t = ['a']", ("a",))])
def test_a_list_of_texts_may_be_empty_and_its_texts_may_not(text: str, read: tuple[str, ...]):
    assert a_reader(text).list_of_texts("t") == read
    reader = a_reader("t = ['a', ' ']")
    assert reader.list_of_texts("t") == ()
    assert told(reader) == [
        "policy.toml:1: t: got ['a', ' ']; allowed is a list of texts, none of them empty"
    ]


def test_all_faults_are_raised_at_once_one_a_line():
    reader = a_reader("a = 1\nb = 2\n")
    reader.flag("a")
    with pytest.raises(PolicyError) as caught:
        reader.finish()
    first, *faults = str(caught.value).splitlines()
    assert first == "some/folder/policy.toml: 2 to correct:"
    assert [fault.split(":")[1] for fault in faults] == ["1", "2"]


def test_a_text_that_is_no_toml_says_where():
    with pytest.raises(PolicyError, match="line 1"):
        a_reader("version = \n")
