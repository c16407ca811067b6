"""The window in a configuration."""

from datetime import timedelta
from typing import Any

import pytest

from detent.trigger import InvalidTriggerRule, get_trigger_rule_handler
from detent.trigger.windows.absence import Absence
from detent.trigger.windows.debounce import Debounce
from detent.trigger.windows.entry import Window
from detent.trigger.windows.threshold import Threshold
from detent.trigger.windows.throttle import Throttle

HOUR = timedelta(hours=1)


def configured(**windows: Any) -> Window | None:
    configuration = {"version": "1.0", "pattern": {"type": ["a"]}, **windows}
    return get_trigger_rule_handler("EVENT").create_configuration(configuration).window


def test_a_rule_without_one_has_none() -> None:
    assert configured() is None


@pytest.mark.parametrize(
    ("name", "said", "window"),
    [
        ("throttle", {"by": "${data.a}", "limit": 3, "per": "PT1H"}, Throttle("${data.a}", 3, HOUR)),
        ("throttle", {"limit": 1, "per": "PT1H"}, Throttle("${subject}", 1, HOUR)),
        ("debounce", {"quiet": "PT1H"}, Debounce("${subject}", HOUR)),
        ("debounce", {"quiet": "PT1H", "at_most": "P1D"}, Debounce("${subject}", HOUR, 24 * HOUR)),
        ("threshold", {"count": 5, "within": "PT1H"}, Threshold("${subject}", 5, HOUR)),
        ("absence", {"of": {"type": ["b"]}, "within": "PT1H"}, Absence("${subject}", '{"type": ["b"]}', HOUR)),
        (
            "absence",
            {"of": {"type": ["b"]}, "within": "PT1H", "grace": "PT1H"},
            Absence("${subject}", '{"type": ["b"]}', HOUR, HOUR),
        ),
    ],
)
def test_each_kind_is_read_with_its_defaults(name: str, said: dict[str, Any], window: Window) -> None:
    assert configured(**{name: said}) == window


@pytest.mark.parametrize(
    ("windows", "path"),
    [
        ({"throttle": {"limit": 0, "per": "PT1H"}}, "throttle.limit"),
        ({"throttle": {"limit": True, "per": "PT1H"}}, "throttle.limit"),
        ({"throttle": {"limit": 10_001, "per": "PT1H"}}, "throttle.limit"),
        ({"throttle": {"limit": 1, "per": "an hour"}}, "throttle.per"),
        ({"throttle": {"limit": 1, "per": "PT0S"}}, "throttle.per"),
        ({"throttle": {"limit": 1, "per": "P1M"}}, "throttle.per"),
        ({"throttle": {"limit": 1, "per": 3600}}, "throttle.per"),
        ({"throttle": {"limit": 1}}, "throttle"),
        ({"throttle": {"limit": 1, "per": "PT1H", "burst": 2}}, "throttle.burst"),
        ({"throttle": []}, "throttle"),
        ({"throttle": {"limit": 1, "per": "PT1H", "by": "${data.}"}}, "throttle.by"),
        ({"throttle": {"limit": 1, "per": "PT1H", "by": "${data.a"}}, "throttle.by"),
        ({"throttle": {"limit": 1, "per": "PT1H", "by": ""}}, "throttle.by"),
        ({"throttle": {"limit": 1, "per": "PT1H", "by": {"a": "b"}}}, "throttle.by"),
        ({"debounce": {"quiet": "soon"}}, "debounce.quiet"),
        ({"debounce": {"quiet": "PT1H", "at_most": "PT59M"}}, "debounce.at_most"),
        ({"debounce": {"quiet": "PT1H", "at_most": "x"}}, "debounce.at_most"),
        ({"threshold": {"count": 0, "within": "PT1H"}}, "threshold.count"),
        ({"threshold": {"count": 3, "within": ""}}, "threshold.within"),
        ({"absence": {"within": "PT1H"}}, "absence"),
        ({"absence": {"of": "b", "within": "PT1H"}}, "absence.of"),
        ({"absence": {"of": {"type": []}, "within": "PT1H"}}, "absence.of.type"),
        ({"absence": {"of": {}, "within": "PT1H"}}, "absence.of"),
        ({"absence": {"of": {"type": ["b"]}, "within": "PT1H", "grace": "1"}}, "absence.grace"),
        ({"throttle": {"limit": 1, "per": "PT1H"}, "debounce": {"quiet": "PT1H"}}, "debounce"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_its_path(windows: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidTriggerRule) as caught:
        configured(**windows)
    assert caught.value.path == path
    assert caught.value.reason


@pytest.mark.parametrize(
    "expression",
    [
        "data",
        "@",
        "{a: subject}",
        "[subject, type]",
        "data.items[*]",
        "data.items[?a]",
        "keys(data)",
        "`[1]`",
        "data || @",
    ],
)
def test_a_key_that_can_only_be_an_object_or_an_array_is_refused(expression: str) -> None:
    with pytest.raises(InvalidTriggerRule, match="gives an object or an array") as caught:
        configured(throttle={"limit": 1, "per": "PT1H", "by": f"${{{expression}}}"})
    assert caught.value.path == "throttle.by"


@pytest.mark.parametrize(
    "expression", ["subject", "data.a.data", "data.items[0]", "data.items[*].id | [0]", "length(data)", "data.a || 'b'"]
)
def test_a_key_that_may_be_a_text_or_a_number_is_accepted(expression: str) -> None:
    window = configured(throttle={"limit": 1, "per": "PT1H", "by": f"${{{expression}}}"})
    assert window is not None
