"""An app as code written for django_xworkflows has it: logs of its own, a key that is no integer, old migrations."""

import uuid
from typing import Any

from django.db import models

import xworkflows
from django_xworkflows import models as xwf_models


class RefundLog(xwf_models.BaseLastTransitionLog):
    """The latest transition of a refund, with its reason."""

    MODIFIED_OBJECT_FIELD = "refund"
    EXTRA_LOG_ATTRIBUTES = (("reason", "because", "none given"),)

    refund = models.OneToOneField("refunds.Refund", on_delete=models.CASCADE)
    reason = models.CharField(max_length=40)


class LabelLog(xwf_models.GenericLastTransitionLog):
    """The latest transition of a label, whatever it is on."""


class RefundWorkflow(xwf_models.Workflow):
    """From asked to granted or refused, and back."""

    states = (("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused"))
    transitions = (("grant", "asked", "granted"), ("refuse", "asked", "refused"), ("reopen", "granted", "asked"))
    initial_state = "asked"
    log_model = "refunds.RefundLog"


class RefundLabelWorkflow(xwf_models.Workflow):
    """How far the label of a refund is."""

    states = (("none", "No label"), ("printed", "Printed"))
    transitions = (("print_label", "none", "printed"), ("tear_off", "printed", "none"))
    initial_state = "none"
    log_model_class = LabelLog


class Refund(xwf_models.WorkflowEnabled):
    """A refund, which notes how it is saved."""

    note = models.CharField(max_length=40, blank=True)
    other = models.CharField(max_length=4, choices=[("aaa", "AAA"), ("bbb", "BBB")], default="aaa")
    state = xwf_models.StateField(RefundWorkflow)
    label = xwf_models.StateField(RefundLabelWorkflow)

    def __str__(self) -> str:
        return f"refund {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and note the arguments."""
        self.saved_with = (args, kwargs)
        super().save(*args, **kwargs)

    @xworkflows.on_enter_state("granted")
    def note_the_key(self, *args: Any, **kwargs: Any) -> None:
        """Change an attribute once everything is saved."""
        self.note = f"granted as {self.pk}"


class VoucherWorkflow(xwf_models.Workflow):
    """From valid to used, each step in one transaction."""

    states = (("valid", "Valid"), ("used", "Used"))
    transitions = (("use", "valid", "used"), ("restore", "used", "valid"))
    initial_state = "valid"
    implementation_class = xwf_models.TransactionalImplementationWrapper


class Voucher(xwf_models.WorkflowEnabled):
    """A voucher, whose key is no integer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    uses = models.IntegerField(default=0)
    state = xwf_models.StateField(VoucherWorkflow)

    def __str__(self) -> str:
        return str(self.pk)

    @xwf_models.transition()
    def use(self) -> None:
        """Count the uses."""
        self.uses += 1


class DoubleVoucher(Voucher):
    """A voucher that is used twice at once."""

    class Meta:
        proxy = True

    @xwf_models.transition()
    def use(self) -> None:
        """Use it as any voucher, and count once more."""
        super().use()
        self.uses += 1
