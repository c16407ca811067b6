"""What a view refuses: one shape, whatever was raised."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from detent.errors import DetentError
from detent.machine import AbortTransition, MissingArgument
from detent.workflow.rest import FieldError, Problem, ProblemDetailsMixin
from detent.workflow.rest.json_body import StrictJSONParser


class OutOfPaper(DetentError):
    """A fault of the request."""

    path = "tray.0"
    reason = "is empty"


class View(ProblemDetailsMixin, APIView):
    """Raises what it is told to."""

    authentication_classes = []
    permission_classes = []
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer, BrowsableAPIRenderer]
    problem_statuses = {OutOfPaper: 409}
    raised: Exception | None = None

    def get(self, request):
        """Raise it."""
        raise self.raised

    def post(self, request):
        """Return what was sent."""
        return Response(request.data)


def answer_to(error, **headers):
    """Return how a view answers if it raises an error."""
    view = View.as_view(raised=error)
    return view(APIRequestFactory().get("/", **headers))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (exceptions.ParseError(), 400),
        (exceptions.ValidationError("no"), 400),
        (exceptions.NotAuthenticated(), 403),
        (exceptions.PermissionDenied(), 403),
        (PermissionDenied(), 403),
        (exceptions.NotFound(), 404),
        (Http404("gone"), 404),
        (exceptions.NotAcceptable(), 406),
        (OutOfPaper("no paper"), 409),
        (AbortTransition("not today"), 409),
        (MissingArgument("needs amount"), 400),
        (RequestDataTooBig("too big"), 413),
        (BadRequest("bad"), 400),
        (exceptions.UnsupportedMediaType("text/plain"), 415),
        (exceptions.Throttled(wait=3.2), 429),
        (Problem(422, "Other body", kind="key-reused"), 422),
    ],
)
def test_every_error_of_the_request_has_the_one_shape(error, status):
    """With the media type of RFC 9457."""
    response = answer_to(error)
    assert (response.status_code, response.render()["Content-Type"]) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail", "errors"} <= set(response.data)
    assert response.data["status"] == status
    assert all(set(each) == {"field", "reason", "fix"} for each in response.data["errors"])


def test_a_fault_of_the_server_is_no_problem_of_the_request():
    """It is raised, and Django reports it."""
    with pytest.raises(DetentError):
        answer_to(DetentError("a bug"))


def test_an_error_of_detents_names_the_place_as_a_json_pointer():
    """As its path and its reason say."""
    [error] = answer_to(OutOfPaper("no paper")).data["errors"]
    assert (error["field"], error["reason"]) == ("/tray/0", "is empty")


def test_who_is_throttled_is_told_how_long_to_wait():
    """In whole seconds, rounded up."""
    assert answer_to(exceptions.Throttled(wait=3.2))["Retry-After"] == "4"


def test_who_asks_in_the_browser_is_shown_a_page():
    """Which shows the problem."""
    response = answer_to(exceptions.NotFound(), HTTP_ACCEPT="text/html")
    assert isinstance(response.accepted_renderer, BrowsableAPIRenderer)
    assert response.data["status"] == 404


class Line(serializers.Serializer):
    """One line of an order."""

    count = serializers.IntegerField(max_value=9)


class Lines(serializers.Serializer):
    """An order."""

    customer = serializers.CharField()
    lines = Line(many=True)


def test_each_fault_of_a_body_is_named_by_its_json_pointer_with_reason_and_fix():
    """However deep it lies."""
    given = Lines(data={"lines": [{"count": 1}, {"count": 10}]})
    assert not given.is_valid()
    assert [
        (error["field"], error["fix"]) for error in answer_to(serializers.ValidationError(given.errors)).data["errors"]
    ] == [
        ("/customer", "Give it."),
        ("/lines/1/count", "Give a smaller number."),
    ]


def test_further_members_stand_beside_those_of_the_rfc():
    """As those of a verdict do."""
    fault = FieldError("Idempotency-Key", "is too long", "Shorten it.")
    body = answer_to(Problem(400, "No.", kind="bad-key", errors=[fault], longest=3)).data
    assert (body["type"], body["title"], body["longest"]) == ("urn:problem-type:detent:bad-key", "Bad key", 3)
    assert body["errors"] == [{"field": "Idempotency-Key", "reason": "is too long", "fix": "Shorten it."}]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b"[" * 300 + b"]" * 300,
        b"1" * 5000,
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_json_that_parsers_understand_differently_or_no_database_keeps_is_refused(body):
    """With 400 and the reason."""
    request = APIRequestFactory().generic("POST", "/?", body, content_type="application/json", CONTENT_LENGTH=len(body))
    response = View.as_view()(request)
    if body:
        assert response.status_code == 400
        assert response.data["errors"][0]["reason"].startswith("The body is no usable JSON: ")
    else:
        assert response.status_code == 200


@pytest.mark.parametrize("body", [b'{"a": "\\\\u0000 \\u00e9"}', b'{"a": "\\ud83d\\ude00"}', '[1, 1.5, "é"]'.encode()])
def test_json_that_is_sound_is_read(body):
    """Escapes that only look like a NUL included."""
    assert (
        View.as_view()(APIRequestFactory().generic("POST", "/", body, content_type="application/json")).status_code
        == 200
    )
