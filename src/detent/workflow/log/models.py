"""The default transition log."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow.logs import DetailedTransitionLog

XWORKFLOWS_USER_MODEL: str = getattr(settings, "XWORKFLOWS_USER_MODEL", settings.AUTH_USER_MODEL)


class TransitionLog(DetailedTransitionLog):
    """The log of a transition, with who performed it.

    Attributes:
        user: Who acted, or None. The model is that of the setting `XWORKFLOWS_USER_MODEL`, else `AUTH_USER_MODEL`.
    """

    EXTRA_LOG_ATTRIBUTES: ClassVar[tuple[tuple[str, str, Any], ...]] = (
        ("user", "user", None),
        *DetailedTransitionLog.EXTRA_LOG_ATTRIBUTES,
    )

    user = models.ForeignKey(
        XWORKFLOWS_USER_MODEL, on_delete=models.SET_NULL, blank=True, null=True, verbose_name=_("author")
    )

    class Meta(DetailedTransitionLog.Meta):
        app_label = "xworkflow_log"
