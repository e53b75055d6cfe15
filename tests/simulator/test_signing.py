"""Our signatures against the independent package of Standard Webhooks."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from simulator.problems import Problem
from simulator.signing import Key

TEXT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = Key.parse(TEXT)


@given(body=st.text().map(str.encode), message=st.text("abc_.-", min_size=1))
def test_the_independent_package_accepts_what_we_sign(body: bytes, message: str) -> None:
    headers = KEY.headers(message_id=message, body=body, now=time.time())

    Webhook(TEXT).verify(body, headers, json_parse=False)


def test_the_independent_package_refuses_another_body() -> None:
    headers = KEY.headers(message_id="m", body=b"{}", now=time.time())

    with pytest.raises(WebhookVerificationError):
        Webhook(TEXT).verify(b"{ }", headers, json_parse=False)


def test_we_accept_what_the_independent_package_signs() -> None:
    now = int(time.time())
    signature = Webhook(TEXT).sign("m1", datetime.fromtimestamp(now, UTC), '{"a":1}')
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,bm9uZQ== {signature}",
    }

    assert KEY.check(headers=headers, body=b'{"a":1}', now=now) == "m1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"webhook-signature": ""}, "signature_missing"),
        ({"webhook-id": ""}, "signature_missing"),
        ({"webhook-signature": "v1,AAAA"}, "signature_wrong"),
        ({"webhook-signature": "v1,é"}, "signature_wrong"),
        ({"webhook-id": "other"}, "signature_wrong"),
        ({"webhook-timestamp": "soon"}, "timestamp_off"),
        ({"webhook-timestamp": "9" * 40}, "timestamp_off"),
        ({"webhook-timestamp": "1001"}, "signature_wrong"),
        ({"cosmo-key": "0" * 16}, "unknown_key"),
    ],
)
def test_a_wrong_header_is_refused_with_its_reason(change: dict[str, str], code: str) -> None:
    headers = KEY.headers(message_id="m", body=b"x", now=1000.0)
    assert KEY.check(headers=headers, body=b"x", now=1000.0) == "m"

    with pytest.raises(Problem) as refusal:
        KEY.check(headers={**headers, **change}, body=b"x", now=1000.0)

    assert (refusal.value.status, refusal.value.code) == (401, code)


@pytest.mark.parametrize("now", [700.0, 1300.0])
def test_a_message_is_good_for_five_minutes_and_no_longer(now: float) -> None:
    headers = KEY.headers(message_id="m", body=b"x", now=1000.0)
    outside = now + (1 if now > 1000 else -1)

    assert KEY.check(headers=headers, body=b"x", now=now) == "m"
    with pytest.raises(Problem) as refusal:
        KEY.check(headers=headers, body=b"x", now=outside)
    assert refusal.value.code == "timestamp_off"


@pytest.mark.parametrize("text", ["whsec_", "whsec_c2hvcnQ=", "whsec_*****", "whsec_" + "A" * 100])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line key"):
        Key.parse(text)


def test_the_secret_is_not_printed() -> None:
    assert "secret" not in repr(KEY)
    assert len(KEY.fingerprint) == 16
