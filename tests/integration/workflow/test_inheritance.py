"""What inheritance passes on: the state field, the transitions and their hooks."""

import pytest
from django.core.exceptions import ValidationError

from detent.machine import ImplementationProperty
from tests.shop.models import AmendedContract, Contract, ContractWorkflow, UrgentContract

pytestmark = pytest.mark.django_db

MODELS = [Contract, AmendedContract, UrgentContract]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_has_the_field_the_initial_state_and_the_transitions_of_its_base(model):
    contract = model.objects.create()
    assert isinstance(model.state, ContractWorkflow)
    contract.sign("ann")
    contract.reopen()
    contract.void()
    assert model.objects.get().state == "void"
    assert [log.transition for log in contract.transition_logs.order_by("pk")] == ["sign", "reopen", "void"]


@pytest.mark.parametrize("model", MODELS)
def test_each_model_has_transitions_of_its_own(model):
    own = {name for name, value in vars(model).items() if isinstance(value, ImplementationProperty)}
    assert own == {"sign", "reopen", "void"}
    assert list(model._workflows) == list(model._xworkflows_implems) == ["state"]


def test_an_implementation_is_inherited_and_may_be_overridden():
    plain, amended, urgent = (model.objects.create() for model in MODELS)
    for contract in (plain, amended, urgent):
        contract.sign("ann")
    assert [plain.signer, amended.signer, urgent.signer] == ["ann", "ann (amended)", "ann"]


def test_a_parent_sees_the_state_that_its_child_was_moved_to():
    AmendedContract.objects.create().sign("ann")
    assert Contract.objects.get().state == "signed"


def test_an_inherited_field_refuses_what_is_no_state():
    with pytest.raises(ValidationError):
        AmendedContract(state="gone")
