"""Signatures of Standard Webhooks."""

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from detent.trigger.webhook.signature import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE,
    InvalidSignature,
    key_of,
    signed_headers,
    verify,
)

OLD, NEW = ("whsec_" + base64.b64encode(letter * 24).decode() for letter in (b"a", b"b"))


@given(body=st.text(alphabet=st.characters(exclude_categories=["Cs"])), identifier=st.from_regex(r"[a-z]+:[0-9]+"))
def test_the_reference_package_accepts_what_is_signed(body: str, identifier: str) -> None:
    headers = signed_headers([NEW], identifier=identifier, timestamp=int(time.time()), body=body.encode())
    Webhook(NEW).verify(body, dict(headers), json_parse=False)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_a_secret_is_replaced_a_receiver_may_have_either(secret: str) -> None:
    headers = signed_headers([NEW, OLD], identifier="delivery:1", timestamp=int(time.time()), body=b"{}")
    Webhook(secret).verify("{}", dict(headers))


def test_another_body_is_refused_by_the_reference_package() -> None:
    headers = signed_headers([NEW], identifier="delivery:1", timestamp=int(time.time()), body=b"{}")
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify('{"total": 1}', dict(headers))


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "hunter2", "whsec_%%%%", "whsec_" + base64.b64encode(b"short").decode(), OLD.removeprefix("whsec_")],
)
def test_a_secret_of_another_form_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes") as refused:
        key_of(secret)
    assert secret.removeprefix("whsec_") == "" or secret not in str(refused.value)


@given(body=st.binary(), identifier=st.from_regex(r"\A[!-~]{1,40}\Z"), timestamp=st.integers(0, 10**11))
def test_what_is_signed_is_verified_as_long_as_it_is_fresh(body: bytes, identifier: str, timestamp: int) -> None:
    headers = signed_headers([OLD], identifier=identifier, timestamp=timestamp, body=body)
    for late in (-TOLERANCE, 0, TOLERANCE):
        assert verify([NEW, OLD], headers, body, now=timestamp + late).identifier == identifier
    for late in (-TOLERANCE - 1, TOLERANCE + 1):
        with pytest.raises(InvalidSignature):
            verify([NEW, OLD], headers, body, now=timestamp + late)


def test_what_the_reference_package_signs_is_verified() -> None:
    now = datetime.now(UTC)
    headers = {ID: "msg_1", TIMESTAMP: str(int(now.timestamp())), SIGNATURE: Webhook(OLD).sign("msg_1", now, "{}")}
    assert verify([OLD], headers, b"{}", now=now.timestamp()).identifier == "msg_1"
    with pytest.raises(InvalidSignature):
        verify([NEW], headers, b"{}", now=now.timestamp())


@given(st.dictionaries(st.sampled_from([ID, TIMESTAMP, SIGNATURE]), st.text(max_size=30)))
def test_headers_that_say_nothing_of_the_kind_are_refused_by_name(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidSignature) as refused:
        verify([OLD], headers, b"{}", now=0)
    assert refused.value.header in (ID, TIMESTAMP, SIGNATURE)
