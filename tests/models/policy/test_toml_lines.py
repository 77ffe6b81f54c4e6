import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.policy.document
from models.policy.toml_lines import key_lines, line_of

ODD = '''# version = "not here"
version = "1" # nor = here

  [ pd_grades ]   # a table
A = 0.1
"odd key" = 1
'lit.eral'=2
a . "b.c" . d = 3

[terms.days] # after it
A = [ 1, # one
  2,
  # between
  { x = 5, y = { z = 6 } },
]
text = """
A = 7
[not.a.table]
quoted \\""" still inside """
raw = \'\'\'x = 1
\'\'\'
B = 2024-01-01 07:30:00

[[levels]]
up = 1
[[levels]]
up = 2
[levels.more]
deep = true
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("version",), 2),
        (("pd_grades",), 4),
        (("pd_grades", "A"), 5),
        (("pd_grades", "odd key"), 6),
        (("pd_grades", "lit.eral"), 7),
        (("pd_grades", "a"), 8),
        (("pd_grades", "a", "b.c", "d"), 8),
        (("terms", "days"), 10),
        (("terms", "days", "A"), 11),
        (("terms", "days", "A", 1), 12),
        (("terms", "days", "A", 2, "x"), 14),
        (("terms", "days", "A", 2, "y", "z"), 14),
        (("terms", "days", "text"), 16),
        (("terms", "days", "raw"), 20),
        (("terms", "days", "B"), 22),
        (("levels",), 24),
        (("levels", 0, "up"), 25),
        (("levels", 1), 26),
        (("levels", 1, "up"), 27),
        (("levels", 1, "more", "deep"), 29),
    ],
)
def test_a_key_is_found_on_its_line_in_any_layout(path: tuple[str | int, ...], line: int):
    tomllib.loads(ODD)
    assert key_lines(ODD)[path] == line


def test_nothing_is_found_in_comments_or_strings():
    assert ("terms", "days", "not") not in key_lines(ODD)
    assert not [path for path in key_lines(ODD) if "nor" in path or "table" in path]


def test_a_missing_key_is_placed_at_the_table_where_it_belongs():
    lines = key_lines(ODD)
    assert line_of(("pd_grades", "Z"), lines) == 4
    assert line_of(("levels", 1, "role"), lines) == 26
    assert line_of(("nowhere", "at", "all"), lines) == 1


def test_a_table_that_is_implied_stands_where_it_is_first_told_unless_it_has_a_line_of_its_own():
    lines = key_lines("[a.b]\nx = 1\n[a]\ny = 2\n[c.d]\n")
    assert (lines["a",], lines["a", "b"], lines["c",]) == (3, 1, 5)


def test_line_ends_of_windows_count_as_one():
    assert key_lines(ODD.replace("\n", "\r\n")) == key_lines(ODD)


def test_every_key_of_the_packaged_policy_stands_where_its_line_says():
    text = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")
    found = text.splitlines()
    named = {path: line for path, line in key_lines(text).items() if isinstance(path[-1], str)}
    assert len(named) > 100
    assert all(str(path[-1]) in found[line - 1] for path, line in named.items())


def paths(values: object, above: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(values, dict):
        items = list(values.items())
    elif isinstance(values, list):
        items = list(enumerate(values))
    else:
        return set()
    return {(*above, key) for key, _ in items}.union(*(paths(v, (*above, key)) for key, v in items))


words = st.text(st.sampled_from("ab\"'#=[]{},. \\é\n"), max_size=6)
inline = st.recursive(
    st.one_of(st.integers(), st.booleans(), words),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def written(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"{written(item)}, # , ]\n" for item in value) + "]"
    return quoted(value) if isinstance(value, str) else str(value).lower()


@given(st.dictionaries(words, st.dictionaries(words, inline, max_size=3), max_size=3))
def test_the_keys_found_are_those_that_are_read(tables: dict[str, dict[str, object]]):
    text = "".join(
        f"[{quoted(name)}]\n" + "".join(f"{quoted(key)} = {written(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    assert set(key_lines(text)) == paths(tomllib.loads(text))
