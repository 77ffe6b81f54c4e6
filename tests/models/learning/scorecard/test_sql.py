import importlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.errors import ModelError
from models.learning.scorecard.attribute import Attribute, Bin
from models.learning.scorecard.scorecard import Scorecard
from models.learning.scorecard.sql import points_query
from tests.models.learning.scorecard.builders import a_card, a_sample, telling_values
from tests.postgres import HAS_POSTGRES, postgres_server

LINE = Bin(10, 5, 0.0, 7)
X = Attribute("x", "x", "x", "days", "x", 1, (3.0,), (), (LINE, LINE), LINE)


def dirty_rows() -> pd.DataFrame:
    """Every telling value of each feature in turn, beside sound values of the others, and sound rows."""
    sound, _ = a_sample(5, 400)
    rows = [sound]
    for attribute in a_card().attributes:
        values = telling_values(attribute)
        rows.append(sound.head(len(values)).assign(**{attribute.name: values}))
    return pd.concat(rows, ignore_index=True)[list(a_card().features)]


def expected(frame: pd.DataFrame) -> list[tuple[int, ...]]:
    points = a_card().points(frame).astype(int).tolist()
    return [(*row, sum(row)) for row in points]


def asked(card: Scorecard, table: str) -> str:
    columns = ", ".join(f'"points_{name}"' for name in card.features)
    return f'SELECT {columns}, "score" FROM ({card.to_sql(table)}) AS scored ORDER BY "row"'


def test_sqlite_gives_the_points_and_the_score_of_every_dirty_row():
    frame = dirty_rows()
    columns = ", ".join(f'"{name}" REAL' for name in frame)
    with sqlite3.connect(":memory:") as database:
        database.execute(f'CREATE TABLE customers ("row" INTEGER, {columns})')
        marks = ", ".join("?" * (len(frame.columns) + 1))
        database.executemany(f"INSERT INTO customers VALUES ({marks})", frame.itertuples())
        found = database.execute(asked(a_card(), "customers")).fetchall()
    database.close()
    assert len(found) > 450
    assert found == expected(frame)


def test_sqlite_reads_columns_without_a_type_and_whole_numbers():
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE customers (x)")
        database.executemany(
            "INSERT INTO customers VALUES (?)", [(2,), (3,), (2.5,), (None,), (float("inf"),)]
        )
        lines = (replace(LINE, points=1), replace(LINE, points=2))
        query = points_query([replace(X, bins=lines)], "main.customers")
        found = [row[-1] for row in database.execute(query)]
    database.close()
    assert found == [1, 2, 1, 7, 2]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    with postgres_server() as server:
        yield server


@pytest.mark.skipif(not HAS_POSTGRES, reason="the optional packages that bring a server are not installed")
@pytest.mark.parametrize("kind", ["double precision", "numeric"])
def test_postgresql_gives_the_points_and_the_score_of_every_dirty_row(postgres, kind: str):
    psycopg = importlib.import_module("psycopg")
    frame = dirty_rows()
    whole = frame["count"].mod(1) == 0
    frame = frame[whole].reset_index(drop=True)
    columns = ", ".join(f'"{name}" {"integer" if name == "count" else kind}' for name in frame)
    with psycopg.connect(postgres.get_uri()) as connection:
        connection.execute(f'CREATE TEMPORARY TABLE customers ("row" integer, {columns})')
        with connection.cursor().copy("COPY customers FROM STDIN") as copy:
            for row, values in enumerate(frame.to_dict("records")):
                values["count"] = int(values["count"])
                copy.write_row((row, *values.values()))
        found = connection.execute(asked(a_card(), "customers")).fetchall()
    assert found == expected(frame)


def test_the_query_gives_the_table_s_own_columns_as_well():
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE customers (customer_id TEXT, x REAL)")
        told = database.execute(points_query([X], "customers")).description
    database.close()
    assert [column[0] for column in told] == ["customer_id", "x", "points_x", "score"]


@pytest.mark.parametrize("name", ['x" OR 1=1 --', "x;", "", "1x", "é", "x y", "x" * 64, "a..b", ".a", "x\n"])
def test_a_name_that_is_no_identifier_is_refused(name: str):
    with pytest.raises(ModelError, match="cannot name a table or a column"):
        points_query([X], name)
    with pytest.raises(ModelError, match="cannot name a table or a column"):
        points_query([replace(X, name=name)], "customers")


def test_a_bound_is_written_to_the_last_digit():
    bound = float(np.nextafter(0.1, 1))
    assert f"< {bound!r} THEN" in points_query([replace(X, bounds=(bound,))], "t")
