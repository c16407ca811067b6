"""Rules that are only tried: would they be valid, and what would trigger them."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from detent.trigger.configuration.authority import missing_permissions
from detent.trigger.document import Document
from detent.trigger.explanation.sample import document_of_event, document_of_occurrence, document_of_sample
from detent.trigger.rest.bodies import body
from detent.trigger.rest.drafts import accepted
from detent.trigger.rest.explanation_bodies import ExplanationSerializer
from detent.trigger.rest.permissions import VIEW_EVENT, VIEW_OCCURRENCE
from detent.trigger.rest.refusals import INVALID, faults
from detent.trigger.rest.rule_bodies import RuleBody, SampleBody, ValiditySerializer
from detent.trigger.rest.viewset import ROW, RecordViewSet
from detent.workflow.rest.documented import documented
from detent.workflow.rest.problem_schema import problems

TRY = problems(400, 401, 403, 404, 406, 413, 415, 422)
VALIDATE = problems(400, 401, 403, 406, 413, 415)


class RuleTrialsMixin(RecordViewSet):
    """Tries rules; nothing is written and nothing is run."""

    @documented(operation_id="rules_validate", request=RuleBody, responses={200: ValiditySerializer, **VALIDATE})
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def validate(self, request: Request) -> Response:
        """Say whether a rule could be made and, if not, everything that is wrong with it."""
        said = body(request, RuleBody)
        try:
            made = accepted(said["type"], said["configuration"])
        except INVALID as error:
            wrong = [{"pointer": place, "reason": reason} for place, reason in faults(error, said["configuration"])]
            return Response({"valid": False, "errors": wrong, "permissions": []})
        lacking = {missing.permission for missing in missing_permissions(request.user, made)}
        return Response({"valid": True, "errors": [], "permissions": sorted(lacking)})

    @documented(
        operation_id="rules_test", parameters=[ROW], request=SampleBody, responses={200: ExplanationSerializer, **TRY}
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_: Any) -> Response:
        """Say whether something would trigger a rule, clause by clause, and what its actions would get."""
        rule = self.get_object()
        return Response(rule.explain(self._sample(body(request, SampleBody))).as_data())

    def _sample(self, said: dict[str, Any]) -> Document:
        """Return what the rule is tried against; what has happened is shown to those who may see it."""
        ((name, given),) = said.items()
        if name == "document":
            return document_of_sample(given)
        if not self.request.user.has_perms((VIEW_EVENT, VIEW_OCCURRENCE) if name == "event" else (VIEW_OCCURRENCE,)):
            raise PermissionDenied
        find = document_of_event if name == "event" else document_of_occurrence
        return find(given, self.written_to())
