"""What is told of a transition before it is made."""

from typing import Any

from rest_framework import serializers

from detent.machine import Verdict


class VerdictSerializer(serializers.Serializer[Any]):
    """Whether the user may make a transition now and, if not, why."""

    name = serializers.CharField()
    allowed = serializers.BooleanField()
    code = serializers.CharField(
        allow_blank=True, help_text="Why not: wrong_state, check, permission, unknown_state; empty if it is allowed."
    )
    detail = serializers.CharField(allow_blank=True)
    pending = serializers.ListField(
        child=serializers.CharField(), help_text="The checks that were not asked, because they need arguments."
    )


def listed(verdict: Verdict) -> dict[str, object]:
    """Return what a list of transitions tells of one."""
    return {
        "name": verdict.transition,
        "allowed": verdict.allowed,
        "code": verdict.code,
        "detail": str(verdict.message),
        "pending": verdict.pending,
    }
