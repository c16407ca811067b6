"""Types, rules, files and jobs for the tests of the pipeline."""

from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from detent.trigger import TriggerEvent, TriggerRule, get_trigger_rule_handler
from pipeline.models import Job, JobType, Recipe, RecipeType, SourceFile
from pipeline.types import create

numbers = count(1)


def starting(name: str, key: str = "job_type", **settings: Any) -> dict[str, Any]:
    """Return an action that starts a type."""
    action = "pipeline.run_job" if key == "job_type" else "pipeline.start_recipe"
    return {"action": action, "input": {key: name, "file": "${data.file_id}", **settings}}


def ingest(*actions: dict[str, Any], input_name: str = "file", **condition: Any) -> dict[str, Any]:
    """Return the configuration of an INGEST rule."""
    data = {"input_data_name": input_name, "workspace_name": "files"}
    return {"version": "1.1", "condition": condition, "data": data, "actions": list(actions)}


def make_rule(rule_type: str = "INGEST", configuration: dict[str, Any] | None = None, name: str = "") -> TriggerRule:
    """Make a rule; one that starts the job type `checksum` for every file if no configuration is given."""
    return get_trigger_rule_handler(rule_type).create_trigger_rule(configuration or ingest(starting("checksum")), name)


def make_job_type(name: str = "checksum", rule: Any = None, **fields: Any) -> JobType:
    """Make a job type."""
    job_type = JobType(name=name, **fields)
    create(job_type, rule)
    return job_type


def make_recipe_type(name: str = "review", rule: Any = None, **fields: Any) -> RecipeType:
    """Make a recipe type; of the one step `checksum`, which is made too, if no other steps are given."""
    if "steps" not in fields and not JobType.objects.filter(name="checksum").exists():
        make_job_type()
    recipe_type = RecipeType(name=name, **{"steps": ["checksum"], **fields})
    create(recipe_type, rule)
    return recipe_type


def make_file(folder: Path = Path("/in"), **fields: Any) -> SourceFile:
    """Take a text file in, as a row, and as a file where the folder is given."""
    name, content = fields.pop("path", f"file-{next(numbers)}.txt"), b"content\n"
    if folder.exists():
        (folder / name).write_bytes(content)
    given = {"media_type": "text/plain", "data_type": "text", "modified": timezone.now(), **fields}
    digest = sha256(content).hexdigest()
    return SourceFile.objects.create(folder=str(folder), path=name, size=len(content), sha256=digest, **given)


def make_event(event_type: str = "USER") -> TriggerEvent:
    """Record that something happened without a rule."""
    return TriggerEvent.objects.create_trigger_event(event_type, None, {}, timezone.now())


def make_job(file: SourceFile, job_type: JobType, recipe: Recipe | None = None) -> Job:
    """Make a job that is completed, with a result."""
    job = Job(file=file, job_type=job_type, recipe=recipe, event=make_event())
    job.start()
    job.complete({"lines": 1})
    return job


def make_user(name: str = "alice") -> User:
    """Make a user."""
    return User.objects.get_or_create(username=name)[0]
