import pytest

from models.errors import LedgerError
from models.ledger.tables import DTYPES, PAYMENTS, TABLES


def test_every_table_has_its_key_and_dates_among_its_columns():
    for table in TABLES.values():
        assert set(table.key) <= set(table.column_names)
        assert {table.known_on, *table.later} - {""} <= set(table.column_names)
        assert all(column.kind in DTYPES for column in table.columns)


def test_names_stand_once_and_words_are_said_of_every_column():
    for table in TABLES.values():
        assert len(set(table.column_names)) == len(table.columns)
        assert all(column.doc for column in table.columns)


def test_a_column_is_found_by_its_name_and_another_is_refused_with_those_there_are():
    assert PAYMENTS.column("paid_on").kind == "date"
    with pytest.raises(LedgerError, match=r"no column 'colour'; it has .*paid_on"):
        PAYMENTS.column("colour")
