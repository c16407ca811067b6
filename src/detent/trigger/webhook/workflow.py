"""The life of an endpoint, as a workflow."""

from django.utils.translation import gettext_lazy as _

from detent.workflow import State, Workflow


class EndpointWorkflow(Workflow):
    """Whether webhooks are sent to an endpoint: one that answers 410 Gone is disabled until an operator enables it."""

    states = (State("enabled", _("Enabled")), State("disabled", _("Disabled")))
    transitions = (("disable", "enabled", "disabled"), ("enable", "disabled", "enabled"))
    initial_state = "enabled"
