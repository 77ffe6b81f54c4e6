"""Webhooks are signed as Standard Webhooks says."""

import base64
import hashlib

import pytest

from pipelines.notifications.signatures import signed_headers, signing_key

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, MOMENT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'


def hmac_by_hand(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256 by its definition (RFC 2104)."""
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + text).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


def test_the_published_example_comes_out():
    headers = signed_headers(ID, MOMENT, BODY, [SECRET])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (ID, "1614265330")


def test_each_secret_signs_id_moment_and_body():
    other = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    signatures = signed_headers(ID, MOMENT, BODY, [other, SECRET])["webhook-signature"].split(" ")
    told = f"{ID}.{MOMENT}.".encode() + BODY
    assert [base64.b64decode(one.removeprefix("v1,")) for one in signatures] == [
        hmac_by_hand(bytes(range(32)), told),
        hmac_by_hand(base64.b64decode(SECRET.removeprefix("whsec_")), told),
    ]


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_é"]
)
def test_what_is_no_secret_is_refused_without_being_shown(secret: str):
    with pytest.raises(ValueError, match="base64 of 24 to 64") as refused:
        signing_key(secret)
    assert not secret.removeprefix("whsec_") or secret not in str(refused.value)
