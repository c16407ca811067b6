"""The pipeline as a Django app."""

from django.apps import AppConfig

from detent.trigger import register_trigger_rule_handler


class PipelineConfig(AppConfig):
    """Files in, jobs and recipes out. Its rules' actions are found in `pipeline.actions`."""

    name = "pipeline"

    def ready(self) -> None:
        """Add the pipeline's own type of rule, and watch the rules that belong to types."""
        # Both need the models, which are not loaded before.
        from detent.trigger.types import FileHandler
        from pipeline.types import links  # noqa: F401

        register_trigger_rule_handler(FileHandler("BATCH"))
