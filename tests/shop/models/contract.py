"""A contract: what abstract, multi-table and proxy inheritance pass on."""

from typing import Any

from django.db import models

from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled, transition


class ContractWorkflow(Workflow):
    """From open to signed, and back by amendment."""

    states = (("open", "Open"), ("signed", "Signed"), State("void", "Void", final=True))
    transitions = (("sign", "open", "signed"), ("reopen", "signed", "open"), ("void", ("open", "signed"), "void"))
    initial_state = "open"


class Paper(WorkflowEnabled, models.Model):
    """Anything that can be signed."""

    signer = models.CharField(max_length=40, blank=True)
    state = StateField(ContractWorkflow)

    reopen: Move
    void: Move

    class Meta:
        abstract = True

    @transition()
    def sign(self, signer: str) -> None:
        """Sign in a name."""
        self.signer = signer


class Contract(Paper):
    """A paper; saving one in the name of "refused" fails after the row is written."""

    title = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with a method of its own."""
        super().save(*args, **kwargs)
        if self.signer == "refused":
            raise RuntimeError("refused")


class AmendedContract(Contract):
    """A contract with a row in a table of its own."""

    amendment = models.CharField(max_length=40, blank=True)

    @transition()
    def sign(self, signer: str) -> None:
        """Sign for the amendment."""
        self.signer = f"{signer} (amended)"


class UrgentContract(Contract):
    """A contract seen as urgent."""

    class Meta:
        proxy = True
