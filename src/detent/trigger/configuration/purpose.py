"""What a configuration can be used for: those of some types say nothing of a job's or a recipe's data."""

from detent.trigger.configuration.exceptions import InvalidTriggerType
from detent.trigger.configuration.trigger_rule import (
    JobTriggerRuleConfiguration,
    RecipeTriggerRuleConfiguration,
    TriggerRuleConfiguration,
)


def for_creating_jobs(configuration: TriggerRuleConfiguration) -> JobTriggerRuleConfiguration:
    """Return a configuration as one that can be asked whether its data fits a job.

    Raises:
        InvalidTriggerType: Rules of its type cannot create jobs.
    """
    if isinstance(configuration, JobTriggerRuleConfiguration):
        return configuration
    raise _unfit(configuration, "jobs")


def for_creating_recipes(configuration: TriggerRuleConfiguration) -> RecipeTriggerRuleConfiguration:
    """Return a configuration as one that can be asked whether its data fits a recipe.

    Raises:
        InvalidTriggerType: Rules of its type cannot create recipes.
    """
    if isinstance(configuration, RecipeTriggerRuleConfiguration):
        return configuration
    raise _unfit(configuration, "recipes")


def _unfit(configuration: TriggerRuleConfiguration, what: str) -> InvalidTriggerType:
    rule_type = configuration.trigger_rule_type
    return InvalidTriggerType(f"{rule_type} is an invalid trigger rule type for creating {what}", rule_type)
