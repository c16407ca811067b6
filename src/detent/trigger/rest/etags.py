"""What a client saw of a rule when it decided, and whether that still holds."""

from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from detent.trigger.models import TriggerRule
from detent.workflow.rest.preconditions import HEADER, Stale

IF_MATCH = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the rule as it was read; if it has changed since, nothing is done and the answer is 412.",
)
ETAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201], description="Stands for the rule as it is."
)


def etag_of(rule: TriggerRule) -> str:
    """Return what stands for a rule as it is now: another after each change."""
    return f'"{rule.uuid.hex}-{rule.last_modified.timestamp():.6f}"'


def check_if_match(request: Request, rule: TriggerRule) -> None:
    """Hold what a request says that it saw to a rule that nobody else can change meanwhile.

    A proxy that compresses answers makes their entity tags weak; those count too.

    Raises:
        Stale: The rule has changed since.
    """
    given = request.headers.get(HEADER, "*")
    seen = {tag.removeprefix("W/") for tag in parse_etags(given)}
    if not seen & {"*", etag_of(rule)}:
        raise Stale
