"""Workflows over HTTP: what each allows, as data and as a picture, and where objects stand in it."""

from typing import Any, cast

from django.db import models, router
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from detent.machine import State, Transition
from detent.machine.diagram import Format, diagram
from detent.trigger.actions.permissions import model_permission
from detent.trigger.configuration.machines import Machine, installed_machines
from detent.trigger.rest.viewset import GuardedViewSet
from detent.workflow.enabled import state_fields
from detent.workflow.management.states import count_states
from detent.workflow.rest.documented import documented
from detent.workflow.rest.problem_schema import problems

KEY = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="app_label.model.field")
READ = problems(401, 403, 404, 406)


class Picture(BaseRenderer):
    """Sends a diagram as it is drawn."""

    charset = "utf-8"

    def render(self, data: str, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Return the diagram."""
        return data.encode()


class Svg(Picture):
    """A picture."""

    media_type, format = "image/svg+xml", "svg"


class Mermaid(Picture):
    """Text for Mermaid."""

    media_type, format = "text/vnd.mermaid", "mermaid"


class Dot(Picture):
    """Text for Graphviz."""

    media_type, format = "text/vnd.graphviz", "dot"


DRAWN = {(200, each.media_type): OpenApiResponse(OpenApiTypes.STR) for each in (Svg, Mermaid, Dot)}


class StateSerializer(serializers.Serializer[State]):
    """A state of a workflow."""

    name = serializers.CharField()
    title = serializers.CharField()
    final = serializers.BooleanField()


class TransitionSerializer(serializers.Serializer[Transition]):
    """A transition of a workflow."""

    name = serializers.CharField()
    title = serializers.CharField()
    source = serializers.ListField(child=serializers.CharField(), source="source_names")  # type: ignore[assignment]
    target = serializers.CharField(source="target.name")
    permission = serializers.CharField(help_text='What who acts must have; "": nothing.')
    timeout = serializers.SerializerMethodField()

    def get_timeout(self, transition: Transition) -> float | None:
        """Return after how many seconds an object is moved by itself; None: never."""
        return None if transition.timeout is None else transition.timeout.total_seconds()


class WorkflowSerializer(serializers.Serializer[Machine]):
    """A workflow on a model, in a list."""

    id = serializers.SerializerMethodField()
    model = serializers.CharField(source="model_name", help_text="app_label.model")
    field = serializers.CharField()
    workflow = serializers.CharField(source="workflow_name")

    def get_id(self, machine: Machine) -> str:
        """Return what names it in addresses."""
        return key_of(machine)


class WorkflowDetailsSerializer(WorkflowSerializer):
    """A workflow with its states and transitions."""

    initial_state = serializers.CharField(source="workflow.initial_state.name")
    states = StateSerializer(many=True, source="workflow.states")
    transitions = TransitionSerializer(many=True, source="workflow.transitions")


class CountsSerializer(serializers.Serializer[Any]):
    """How many objects are in each state."""

    counts = serializers.DictField(child=serializers.IntegerField())
    unknown = serializers.DictField(
        child=serializers.IntegerField(), help_text="Those in states that the workflow does not have."
    )


class WorkflowViewSet(GuardedViewSet):
    """The workflows of the models that the reader may see."""

    queryset = models.QuerySet[Any]()
    serializer_class = WorkflowSerializer
    pagination_class = None
    lookup_field = "id"

    @documented(
        operation_id="workflows_list", responses={200: WorkflowSerializer(many=True), **problems(401, 403, 406)}
    )
    def list(self, request: Request) -> Response:
        """List the workflows."""
        seen = [machine for machine in installed_machines() if _may_see(request, machine)]
        return Response([WorkflowSerializer(machine).data for machine in seen])

    @documented(operation_id="workflows_retrieve", parameters=[KEY], responses={200: WorkflowDetailsSerializer, **READ})
    def retrieve(self, request: Request, **_: Any) -> Response:
        """Show a workflow's states and transitions."""
        return Response(WorkflowDetailsSerializer(self._machine()).data)

    @documented(operation_id="workflows_diagram", parameters=[KEY], responses={**DRAWN, **READ})
    @action(detail=True, renderer_classes=[Svg, Mermaid, Dot])
    def diagram(self, request: Request, **_: Any) -> Response:
        """Draw a workflow: as SVG, or as text for Mermaid or Graphviz, as `Accept` or `?format=` asks."""
        if request.query_params.get(str(api_settings.URL_FORMAT_OVERRIDE)) == "":
            raise NotFound
        machine = self._machine()
        several = len(state_fields(machine.model)) > 1
        title = f"{machine.model._meta.label}.{machine.field}" if several else machine.model._meta.label
        drawn = diagram(machine.workflow, format=cast("Format", request.accepted_renderer.format), title=title)
        return Response(drawn)

    @documented(operation_id="workflows_counts", parameters=[KEY], responses={200: CountsSerializer, **READ})
    @action(detail=True)
    def counts(self, request: Request, **_: Any) -> Response:
        """Count the objects in each state."""
        machine = self._machine()
        field = state_fields(machine.model)[machine.field]
        found = count_states(field, router.db_for_read(machine.model))
        known = {state.name: found.pop(state.name, 0) for state in machine.workflow.states}
        return Response({"counts": known, "unknown": found})

    def _machine(self) -> Machine:
        key = self.kwargs["id"]
        machine = next((each for each in installed_machines() if key_of(each) == key), None)
        if machine is None:
            raise NotFound(_("There is no workflow %(key)r.") % {"key": key})
        if not _may_see(self.request, machine):
            raise PermissionDenied
        return machine


def key_of(machine: Machine) -> str:
    """Return what names a workflow on a model: `app_label.model.field`."""
    return f"{machine.model_name}.{machine.field}"


def _may_see(request: Request, machine: Machine) -> bool:
    return bool(request.user.has_perm(model_permission("view", machine.model)))
