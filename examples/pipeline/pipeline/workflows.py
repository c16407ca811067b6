"""The states of what the pipeline works on."""

from django.utils.translation import gettext_lazy as _

from detent.workflow import State, Workflow


class JobWorkflow(Workflow):
    """A job: one piece of work on one file."""

    states = (
        ("queued", _("Queued")),
        ("running", _("Running")),
        State("completed", _("Completed"), final=True),
        State("failed", _("Failed"), final=True),
        State("cancelled", _("Cancelled"), final=True),
        State("purged", _("Purged"), final=True),
    )
    transitions = (
        ("start", "queued", "running"),
        ("complete", "running", "completed"),
        ("fail", "running", "failed"),
        ("retry", "failed", "queued"),
        ("cancel", ("queued", "failed"), "cancelled"),
        ("purge", ("queued", "completed", "failed", "cancelled"), "purged"),
    )
    initial_state = "queued"


class RecipeWorkflow(Workflow):
    """A recipe: several jobs on one file, in order."""

    states = (
        ("queued", _("Queued")),
        ("running", _("Running")),
        State("completed", _("Completed"), final=True),
        State("purged", _("Purged"), final=True),
    )
    transitions = (
        ("start", "queued", "running"),
        ("complete", "running", "completed"),
        ("purge", ("queued", "running", "completed"), "purged"),
    )
    initial_state = "queued"


class RunWorkflow(Workflow):
    """A run over one folder, from the first file to the last job."""

    states = (
        ("created", _("Created")),
        ("ingesting", _("Taking files in")),
        ("working", _("Working off")),
        State("completed", _("Completed"), final=True),
    )
    transitions = (
        # A run that was killed is taken up again from wherever it was.
        ("ingest", ("created", "ingesting", "working"), "ingesting"),
        ("work", "ingesting", "working"),
        ("complete", "working", "completed"),
    )
    initial_state = "created"


class BatchWorkflow(Workflow):
    """A batch: old files, made up for."""

    states = (
        ("created", _("Created")),
        ("creating", _("Asking for recipes")),
        State("completed", _("Completed"), final=True),
    )
    transitions = (
        # A batch that was killed is taken up again.
        ("begin", ("created", "creating"), "creating"),
        ("complete", "creating", "completed"),
    )
    initial_state = "created"
