"""The forms in which occurrences come: CloudEvents as the reference package writes them, and plain JSON."""

import base64
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.inbound.message import message_of
from detent.trigger.models import Occurrence
from tests.integration.inbound.sending import BATCH, EVENT, ONE, PLAIN, send

WHEN = datetime(2026, 11, 22, 10, 0, 0, 250000, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60)


def event(**attributes):
    """Make an event with the reference package."""
    given = {"id": "e1", "source": "/shop/1", "type": "order.paid", "time": WHEN, "datacontenttype": PLAIN}
    return CloudEvent({**given, **attributes}, {"order": 17, "name": "Zoë"})


@pytest.mark.parametrize("write", [to_structured, to_binary])
def test_what_the_reference_package_writes_is_taken_in(client, write):
    message = write(event(subject='Zoë "5%"', partitionkey="p 1"), JSONFormat())
    headers = {name: value for name, value in message.headers.items() if name != "content-type"}
    response = send(client, message.body, message.headers["content-type"], headers)
    assert (response.status_code, response.json()) == (202, {"received": 1, "duplicates": 0})
    assert Occurrence.objects.get().document() == {
        "type": "order.paid",
        "source": "/shop/1",
        "subject": 'Zoë "5%"',
        "id": "e1",
        "time": "2026-11-22T10:00:00.250000Z",
        "data": {"order": 17, "name": "Zoë", "cloudevent": {"partitionkey": "p 1"}},
    }


@given(subject=TEXT, kind=TEXT, key=TEXT)
def test_any_text_comes_through_headers_and_body_alike(subject, kind, key):
    made = event(subject=subject, type=kind, partitionkey=key)
    read = []
    for write in (to_structured, to_binary):
        message = write(made, JSONFormat())
        read += message_of(message.headers["content-type"], message.headers, message.body).emissions
    assert read[0] == read[1]
    assert (read[0].subject, read[0].type, read[0].data["cloudevent"]) == (subject, kind, {"partitionkey": key})


def test_a_batch_is_taken_in_in_its_order(client):
    batch = [{**EVENT, "id": f"e{number}"} for number in range(3)]
    response = send(client, batch, BATCH)
    assert (response.status_code, response.json()["received"]) == (202, 3)
    assert list(Occurrence.objects.order_by("time").values_list("identifier", flat=True)) == ["e0", "e1", "e2"]


def test_an_empty_batch_brings_nothing(client):
    response = send(client, [], BATCH)
    assert (response.status_code, response.json()) == (202, {"received": 0, "duplicates": 0})


@pytest.mark.parametrize(
    "body",
    [
        {"type": "order.paid", "source": "shop"},
        {"type": "order.paid", "source": "shop", "id": None, "subject": None, "time": None, "data": {}},
        {"type": "order.paid", "source": "shop", "id": "1", "time": "2026-11-22t10:00:00.5+01:00", "data": {"a": 1}},
    ],
)
def test_plain_json_is_taken_in(client, body):
    assert send(client, body).status_code == 202
    assert Occurrence.objects.get().type == "order.paid"


def test_plain_json_may_be_a_list(client):
    assert send(client, [{"type": "a", "source": "b"}, {"type": "c", "source": "d"}]).json()["received"] == 2


def test_data_in_base64_is_read_if_it_is_json(client):
    given = {**EVENT, "data_base64": base64.b64encode(b'{"order": 17}').decode()}
    del given["data"]
    assert send(client, given, ONE).status_code == 202
    assert Occurrence.objects.get().data == {"order": 17}


@pytest.mark.parametrize("form", ["binary", "structured"])
def test_an_event_without_data_has_empty_data(client, form):
    attributes = {name: value for name, value in EVENT.items() if name != "data"}
    if form == "structured":
        response = send(client, attributes, ONE)
    else:
        response = send(client, b"", "", {f"ce-{name}": value for name, value in attributes.items()})
    assert response.status_code == 202
    assert Occurrence.objects.get().data == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"specversion": None}, "/specversion"),
        ({"id": ""}, "/id"),
        ({"id": None}, "/id"),
        ({"id": 5}, "/id"),
        ({"id": "x" * 256}, "/id"),
        ({"type": None}, "/type"),
        ({"type": {}}, "/type"),
        ({"type": ""}, "/type"),
        ({"source": ""}, "/source"),
        ({"source": []}, "/source"),
        ({"subject": ""}, "/subject"),
        ({"time": "yesterday"}, "/time"),
        ({"time": "2026-11-22T10:00:00"}, "/time"),
        ({"time": "2026-13-22T10:00:00Z"}, "/time"),
        ({"time": "0001-01-01T00:00:00+23:59"}, "/time"),
        ({"time": 17}, "/time"),
        ({"data": [1]}, "/data"),
        ({"data": "text"}, "/data"),
        ({"data_base64": "e30="}, "/data_base64"),
        ({"datacontenttype": "text/xml"}, "/datacontenttype"),
        ({"datacontenttype": 7}, "/datacontenttype"),
        ({"dataschema": {}}, "/dataschema"),
        ({"Upper": "x"}, "/Upper"),
        ({"with/slash": "x"}, "/with~1slash"),
        ({"key": "k", "data": {"cloudevent": 1}}, "/data/cloudevent"),
    ],
)
def test_an_event_that_is_none_is_refused_with_the_place(client, change, field):
    response = send(client, {**EVENT, **change}, ONE)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert error["reason"]
    assert error["fix"]
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize("encoded", ["%", "e30", "e30=\n", "bm8=", "", 7, "W10="])
def test_data_in_base64_that_is_no_json_object_is_refused(client, encoded):
    given = {**{name: value for name, value in EVENT.items() if name != "data"}, "data_base64": encoded}
    assert send(client, given, ONE).status_code == 400


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"ce-specversion": "0.3"}, "ce-specversion"),
        ({"ce-type": ""}, "ce-type"),
        ({"ce-subject": "%ff"}, "ce-subject"),
        ({"ce-subject": "%00"}, "ce-subject"),
        ({"ce-subject": "\xff"}, "ce-subject"),
        ({"ce-subject": "%ed%a0%80"}, "ce-subject"),
        ({"ce-time": "now"}, "ce-time"),
        ({"ce-foo-bar": "x"}, "ce-foo-bar"),
        ({"ce-data": "{}"}, "ce-data"),
        ({"ce-datacontenttype": "application/json"}, "ce-datacontenttype"),
    ],
)
def test_a_header_that_is_no_attribute_is_refused_by_its_name(client, headers, field):
    good = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"}
    response = send(client, {"order": 17}, PLAIN, {**good, **headers})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("a%20b", "a b"),
        ('"a \\"b\\""', 'a "b"'),
        ("Zo%C3%AB", "Zoë"),
        ("Zo\u00c3\u00ab", "Zoë"),
        ("5%", "5%"),
        ("a+b", "a+b"),
    ],
)
def test_a_header_is_unquoted_and_percent_decoded_once(value, read):
    headers = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"}
    [emission] = message_of(PLAIN, {**headers, "Ce-Subject": value}, b"{}").emissions
    assert emission.subject == read


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/octet-stream", "application/json; charset=latin-1", ""]
)
def test_binary_data_that_is_not_json_is_an_unsupported_media_type(client, content_type):
    headers = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"}
    response = send(client, b"<order/>", content_type, headers)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (415, "Content-Type")


@pytest.mark.parametrize("content_type", ["application/vnd.shop+json", "application/json;charset=UTF-8", "text/json"])
def test_binary_data_may_have_any_media_type_of_json(client, content_type):
    headers = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"}
    assert send(client, {"a": 1}, content_type, headers).status_code == 202


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/cloudevents+avro",
    ],
)
def test_another_media_type_is_not_understood(client, content_type):
    response = send(client, EVENT, content_type)
    assert response.status_code == 415
    assert "application/cloudevents+json" in response.json()["errors"][0]["fix"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"type": "a", "type": "b", "source": "c"}', b'{"a": NaN}', b"[" * 9999]
)
@pytest.mark.parametrize("content_type", [PLAIN, ONE, BATCH])
def test_what_is_no_json_is_a_bad_request(client, body, content_type):
    assert send(client, body, content_type).status_code == 400
