"""Senders of the settings: what an entry may say, and of what a sender may tell."""

import base64

import pytest

from detent.settings import InvalidSetting
from detent.trigger.checks import check_senders
from detent.trigger.inbound.sender import Sender, senders

SECRET = "whsec_" + base64.b64encode(b"a" * 24).decode()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, "secrets"),
        ({"secrets": []}, "secrets"),
        ({"secrets": ["hunter2"]}, "secret 1"),
        ({"secrets": [SECRET], "sources": "shop"}, "sources"),
        ({"secrets": [SECRET], "types": [1]}, "types"),
        ({"secrets": [SECRET], "name": "x"}, "'name'"),
    ],
)
def test_an_entry_that_cannot_be_used_is_reported_and_not_used(settings, entry, said):
    settings.DETENT = {"SENDERS": {"till": entry}}
    [error] = check_senders(None)
    assert (error.id, said in error.msg, "hunter2" in error.msg) == ("detent.E203", True, False)
    with pytest.raises(InvalidSetting):
        list(senders())


def test_an_entry_needs_only_secrets(settings):
    settings.DETENT = {"SENDERS": {"till": {"secrets": [SECRET]}}}
    assert check_senders(None) == []
    [sender] = senders()
    assert sender.may_tell("source", "anything")
    assert SECRET not in repr(sender)


@pytest.mark.parametrize(
    ("value", "may"), [("order.paid", True), ("order.", True), ("orders", False), ("x.order.a", False)]
)
def test_a_star_stands_for_any_characters(value, may):
    assert Sender("till", (SECRET,), types=("order.*",)).may_tell("type", value) is may


def test_a_sender_may_send_occurrences_and_nothing_else():
    sender = Sender("till", (SECRET,))
    assert sender.has_perm("trigger.add_occurrence")
    assert not sender.has_perm("trigger.add_triggerrule")
