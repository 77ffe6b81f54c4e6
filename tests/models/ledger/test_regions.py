import pytest

from models.ledger.regions import region_of


@pytest.mark.parametrize(
    ("postcode", "country", "region"),
    [
        ("20190", "FR", "2A"),
        ("20200", "FR", "2B"),
        ("97611", "FR", "976"),
        ("01000", None, "01"),
        (" 13 001", "fr", "13"),
        ("1300", "FR", None),
        ("٧٥٠١١", "FR", None),
        ("SW1A 1AA", "GB", "GB"),
        (None, "be", "BE"),
        ("", None, None),
    ],
)
def test_the_region_is_the_departement_or_the_country(postcode: str, country: str, region: str):
    assert region_of(postcode, country) == region
