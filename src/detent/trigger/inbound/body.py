"""The body of a request, read once, and no more of it than may be."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from detent.settings import detent_settings
from detent.workflow.rest.json_body import read_up_to


def raw_body(request: HttpRequest) -> bytes:
    """Return the body of a request as it came.

    Args:
        request: The request; Django's own `body` is the same from then on.

    Raises:
        RequestDataTooBig: It has more than `DETENT["INBOUND_MAX_BYTES"]`.
    """
    limit = detent_settings().INBOUND_MAX_BYTES
    if _announced(request) > limit:
        raise RequestDataTooBig(f"The body has more than {limit} bytes.")
    if not hasattr(request, "_body"):
        # Django's `body` reads whatever comes where no length is announced.
        request._body = read_up_to(limit, request)  # type: ignore[arg-type]
    return request.body


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
