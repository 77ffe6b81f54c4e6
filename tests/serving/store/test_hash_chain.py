import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import StoreError
from serving.store.hash_chain import AuditKeys

OLD, NEW = "o" * 40, "n" * 40
TEXTS = st.text("0123456789abcdef", min_size=1, max_size=64)


def keyed(text: str) -> AuditKeys:
    return AuditKeys.read(text)


@given(TEXTS, TEXTS, st.sampled_from(["", OLD, f"{NEW}, {OLD}"]))
def test_a_link_of_ours_is_sound_and_one_of_another_seal_or_place_is_not(before: str, seal: str, text: str):
    keys = keyed(text)
    before = keys.link("", before)
    link = keys.link(before, seal)
    assert keys.verdict(before, seal, link) == "sound"
    assert keys.verdict(before, seal + "0", link) == "broken"
    assert keys.verdict(before + "0", seal, link) == "broken"


def test_nobody_makes_a_keyed_link_without_the_key():
    link = keyed(OLD).link("", "seal")
    name, _, made = link.partition(":")
    plain = AuditKeys().link("", "seal")
    assert made != plain.partition(":")[2]
    assert keyed(OLD).verdict("", "seal", f"{name}:{plain.partition(':')[2]}") == "broken"
    assert keyed(NEW).verdict("", "seal", link) == "other_key"


def test_an_earlier_key_proves_what_it_linked_and_links_nothing_more():
    both = keyed(f"{NEW},{OLD}")
    assert both.verdict("", "seal", keyed(OLD).link("", "seal")) == "sound"
    assert both.link("", "seal") == keyed(NEW).link("", "seal")


def test_a_plain_link_after_a_keyed_one_was_written_without_the_key():
    before = keyed(OLD).link("", "first")
    assert keyed(OLD).verdict(before, "seal", AuditKeys().link(before, "seal")) == "without_key"
    assert keyed(OLD).verdict("", "seal", AuditKeys().link("", "seal")) == "sound"


def test_an_entry_without_a_link_is_an_old_one_before_any_link_only():
    assert AuditKeys().verdict(None, "seal", None) == "unlinked"
    assert AuditKeys().verdict("plain:0", "seal", None) == "broken"


@pytest.mark.parametrize("text", ["short", f"{NEW},short", "x" * 31])
def test_a_short_key_is_refused_and_not_shown(text: str):
    with pytest.raises(StoreError, match="32 characters") as caught:
        AuditKeys.read(text)
    assert text not in str(caught.value)


def test_keys_show_nothing_of_themselves():
    assert OLD not in repr(keyed(OLD))
    assert keyed(" , ") == AuditKeys()
