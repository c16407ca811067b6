"""Views whose errors are problems, without a setting of the project."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from detent.errors import DetentError
from detent.workflow.errors import UnusableKey
from detent.workflow.rest.explained import problem_of
from detent.workflow.rest.problem import MEDIA_TYPE

Handler = Callable[[Exception, dict[str, Any]], Response | None]


class ProblemRenderer(JSONRenderer):
    """Renders problems."""

    media_type = MEDIA_TYPE
    format = "problem"


class ProblemDetailsMixin(APIView):
    """Answers every error of a view as a problem, `application/problem+json`.

    Attributes:
        problem_statuses: The HTTP status of each of Detent's errors that stands for a fault of the request, beside
            transitions that are refused. Any other is the server's own fault.
    """

    problem_statuses: ClassVar[Mapping[type[DetentError], int]] = {UnusableKey: 400}

    def get_exception_handler(self) -> Handler:
        """Return what makes a problem of an exception."""
        return problem_handler


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception of a view; None if the fault is not with the request.

    Args:
        error: The exception.
        context: The view and its request, as djangorestframework gives them.
    """
    view = context["view"]
    problem = problem_of(error, getattr(view, "problem_statuses", ProblemDetailsMixin.problem_statuses))
    if problem is None:
        return None
    set_rollback()
    request = context["request"]
    # Who reads in the browser is shown the problem on a page, as every answer.
    if not isinstance(getattr(request, "accepted_renderer", None), BrowsableAPIRenderer):
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), MEDIA_TYPE
    return Response(problem.body, status=problem.status_code, headers=problem.headers)
