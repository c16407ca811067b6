"""Occurrences come in, or are refused, whatever is sent."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detent.trigger.models import Occurrence
from tests.integration.inbound.sending import BATCH, EVENT, ONE, PLAIN, send

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = [*EVENT, "subject", "time", "data_base64", "datacontenttype", "dataschema", "key"]
MEMBERS = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), JSON, max_size=6)
EVENTS = st.one_of(MEMBERS, MEMBERS.map(lambda members: {**EVENT, **members}))
HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    body=st.one_of(
        EVENTS.map(json.dumps),
        st.lists(EVENTS, max_size=4).map(json.dumps),
        JSON.map(json.dumps),
        st.binary(max_size=60),
    ),
    content_type=st.sampled_from([PLAIN, ONE, BATCH, "text/plain", "", "application/json; charset=x"]) | HEADER,
    headers=st.dictionaries(st.sampled_from([f"ce-{name}" for name in NAMES]), HEADER, max_size=8),
)
def test_whatever_comes_is_taken_in_or_refused_and_never_an_error_of_the_server(
    client, settings, body, content_type, headers
):
    settings.DETENT = {**settings.DETENT, "INBOUND_RATE": ""}
    before = Occurrence.objects.count()
    response = send(client, body if isinstance(body, bytes) else body.encode(), content_type, headers)
    assert response.status_code in (202, 400, 403, 415)
    if response.status_code != 202:
        assert Occurrence.objects.count() == before
        assert response.json()["errors"]
