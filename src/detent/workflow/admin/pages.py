"""Pages of the admin that Django does not have: in its frame, with what its templates ask for."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    AnyAdmin = ModelAdmin[Any]


def page(model_admin: "AnyAdmin", request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    """Return a page of a model's admin.

    Args:
        model_admin: The admin whose frame, address and style sheet it has.
        request: The request.
        template: The name of the template.
        title: Its heading.
        **context: What the template shows.
    """
    frame = model_admin.admin_site.each_context(request)
    said = {**frame, "opts": model_admin.opts, "title": title, "media": model_admin.media, **context}
    return TemplateResponse(request, template, said)


def found(model_admin: "AnyAdmin", request: HttpRequest, object_id: str) -> Any:
    """Return the object of an address, or None if there is none or the user may not see it."""
    row: Any = model_admin.get_object(request, unquote(object_id))
    return row if row is not None and model_admin.has_view_permission(request, row) else None


def not_found(model_admin: "AnyAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Return what Django's admin answers where there is no such object: the index, with a message."""
    answer: HttpResponse = model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)  # type: ignore[attr-defined]
    return answer
