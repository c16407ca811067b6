"""URLs of a project that offers the REST API."""

from django.urls import include, path

urlpatterns = [path("triggers/", include("detent.trigger.urls"))]
