import datetime as dt

import pytest

from pipelines.sources.fec.file_name import FileName, read_name


@pytest.mark.parametrize(
    ("name", "siren", "closes_on"),
    [
        ("999000003FEC20251231.txt", "999000003", dt.date(2025, 12, 31)),
        ("999000003fec20250630.TXT", "999000003", dt.date(2025, 6, 30)),
        ("99900000300017FEC20251231_A.txt", "999000003", dt.date(2025, 12, 31)),
        ("999000004FEC20251231.txt", None, dt.date(2025, 12, 31)),
        ("999000003FEC20251332.txt", "999000003", None),
        ("balance.txt", None, None),
    ],
)
def test_a_name_says_the_siren_and_the_close_where_it_follows_the_norm(
    name: str, siren: str | None, closes_on: dt.date | None
):
    assert read_name(name) == FileName(siren, closes_on)
