"""Who takes part: Detent, and what teams run tasks with today, each with its worker as its documentation starts it."""

from dataclasses import dataclass

from benchmarks.transitions.roster import Packages


@dataclass(frozen=True, eq=False)
class Contestant:
    """A line of the tables.

    Attributes:
        name: What the tables call it.
        module: Its module in the folder `contestants`.
        worker: What starts its worker, after `python -m`.
        apps: Its apps for Django.
        packages: What it needs; None: it runs in the environment of the clone.
    """

    name: str
    module: str
    worker: tuple[str, ...]
    apps: tuple[str, ...] = ()
    packages: Packages | None = None


PROCRASTINATE = Packages(("procrastinate==3.10.0",), django="same")
DJANGO_TASKS = Packages(("django-tasks-db==0.13.0", "django-tasks==0.12.0"), django="same")
CELERY = Packages(("celery==5.7.0", "sqlalchemy==2.1.9"), django="same")

PROCRASTINATE_WORKER = ("django", "procrastinate", "worker")
CELERY_WORKER = ("celery", "-A", "by_celery", "worker", "--concurrency", "1", "--loglevel", "ERROR")

OURS = Contestant("detent", "by_detent", ("django", "detent", "worker"), ("detent.workflow", "detent.trigger"))
PEERS = (
    Contestant(
        "procrastinate", "by_procrastinate", PROCRASTINATE_WORKER, ("procrastinate.contrib.django",), PROCRASTINATE
    ),
    Contestant(
        "procrastinate, 10 at a time",
        "by_procrastinate",
        (*PROCRASTINATE_WORKER, "--concurrency", "10"),
        ("procrastinate.contrib.django",),
        PROCRASTINATE,
    ),
    Contestant("django-tasks-db", "by_django_tasks", ("django", "db_worker"), ("django_tasks_db",), DJANGO_TASKS),
    Contestant("Celery, RabbitMQ", "by_celery", CELERY_WORKER, (), CELERY),
)
