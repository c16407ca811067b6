"""The admin lists what the pipeline keeps."""

from datetime import date

import pytest
from django.test import Client

from pipeline.batches import request_batch
from pipeline.catalogue import SHIPPED, install
from pipeline.models import DailyMetrics, RecipeType, Run
from pipeline.purge import purge
from tests.integration.pipeline_rows.factories import make_event, make_file, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows() -> None:
    """One row of each kind."""
    install(SHIPPED)
    Run.objects.create(event=make_event(), folder="/in")
    request_batch(RecipeType.objects.get(name="table audit"), {"trigger_rule": {"media_type": "text/csv"}}, "alice")
    purge(make_file(path="a.txt"), make_user())
    DailyMetrics.objects.create(day=date(2026, 3, 1), event=make_event(), files=3, jobs={"failed": 1}, run_seconds=2.5)


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("jobtype", "python structure"),
        ("recipetype", "document review"),
        ("sourcefile", "a.txt"),
        ("run", "over /in"),
        ("batch", "of table audit"),
        ("purgeresults", "purge of file"),
        ("dailymetrics", "2.5"),
    ],
)
def test_the_admin_lists_them(admin_client: Client, model: str, shown: str) -> None:
    """Each with what tells it apart."""
    page = admin_client.get(f"/admin/pipeline/{model}/")

    assert page.status_code == 200
    assert shown in page.content.decode()
