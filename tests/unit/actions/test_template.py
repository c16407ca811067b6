"""Templates in the settings of actions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.actions.template import (
    InvalidTemplate,
    TemplateFailed,
    check_templates,
    holds_template,
    render,
)

DOCUMENT = {
    "type": "order.paid",
    "subject": "17",
    "data": {
        "order": 17,
        "total": 12.5,
        "paid": True,
        "note": None,
        "lines": [{"sku": "a", "price": 2}, {"sku": "b"}],
        "customer": {"name": "Ann", "tags": ["new"]},
    },
}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("${data.order}", 17),
        ("${data.total}", 12.5),
        ("${data.paid}", True),
        ("${data.note}", None),
        ("${data.customer}", {"name": "Ann", "tags": ["new"]}),
        ("${data.lines[0].sku}", "a"),
        ("${data.lines[-1].sku}", "b"),
        ("${data.lines[*].price}", [2]),
        ("${data.lines[?price > `1`].sku}", ["a"]),
        ("${data.{id: order, by: customer.name}}", {"id": 17, "by": "Ann"}),
        ("${join('-', [type, subject])}", "order.paid-17"),
        ("${'}'}", "}"),
    ],
)
def test_a_template_alone_in_a_string_keeps_its_json_type(template: str, value: object) -> None:
    assert render({"field": template}, DOCUMENT) == {"field": value}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("order ${data.order}", "order 17"),
        ("${data.order} of ${data.customer.name}", "17 of Ann"),
        ("${data.order}${subject}", "1717"),
        ("paid: ${data.paid}", "paid: true"),
        ("note: ${data.note}", "note: null"),
        ("tags ${data.customer.tags}", 'tags ["new"]'),
        ("100 $ {plain}", "100 $ {plain}"),
        ("", ""),
    ],
)
def test_inside_a_longer_text_strings_stand_as_they_are_and_all_else_as_json(template: str, text: str) -> None:
    assert render(template, DOCUMENT) == text


def test_templates_are_found_at_every_depth_but_not_in_keys() -> None:
    settings = {"${subject}": [{"deep": ["${data.order}", 1, None]}]}
    assert render(settings, DOCUMENT) == {"${subject}": [{"deep": [17, 1, None]}]}


def test_what_a_template_gives_is_not_rendered_again() -> None:
    assert render("${data.text}", {"data": {"text": "${data.secret}"}}) == "${data.secret}"


@pytest.mark.parametrize(
    "template",
    [
        "${data.missing}",
        "${data.order.deeper}",
        "${data.lines[7]}",
        "${data.lines[1].price}",
        "${data.{id: missing}}",
        "${[data.order, data.missing]}",
        "${data.missing[*].sku}",
        "${length(data.missing)}",
        "text ${data.missing}",
    ],
)
def test_a_missing_field_is_an_error_that_names_the_expression_and_its_place(template: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        render({"values": [{"name": template}]}, DOCUMENT)
    assert caught.value.path == "input.values[0].name"
    assert caught.value.expression in template
    assert caught.value.path in str(caught.value)
    assert caught.value.expression in str(caught.value)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("${data.missing || 'none'}", "none"),
        ("${data.missing || data.order}", 17),
        ("${not_null(data.missing, subject)}", "17"),
        ("${!(data.missing)}", True),
        ("${data.missing == `null`}", True),
        ("${data.missing && data.order}", None),
    ],
)
def test_an_expression_that_provides_for_a_missing_field_is_no_error(template: str, value: object) -> None:
    assert render(template, DOCUMENT) == value


def test_a_function_of_the_wrong_type_is_an_error_that_names_the_expression() -> None:
    with pytest.raises(TemplateFailed, match="length"):
        render("${length(data.order)}", DOCUMENT)


def test_an_expression_that_cannot_be_evaluated_so_deep_is_an_error_that_names_it() -> None:
    with pytest.raises(TemplateFailed, match="recursion"):
        render("${" + "||".join(["nothing"] * 5000) + "}", DOCUMENT)


@pytest.mark.parametrize("template", ["${data.}", "${", "${data.order", "x ${'a} y", "${}", "${" + "!" * 5000 + "a}"])
def test_what_is_not_jmespath_is_refused_when_the_rule_is_made(template: str) -> None:
    with pytest.raises(InvalidTemplate) as caught:
        check_templates({"a": ["fine ${data.order}", template]})
    assert caught.value.path == "input.a[1]"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON.filter(lambda value: not holds_template(value)))
def test_json_without_templates_is_rendered_to_itself(value: object) -> None:
    assert render(value, {}) == value


@given(JSON)
def test_any_value_of_the_document_comes_through_unchanged(value: object) -> None:
    assert render("${data}", {"data": value}) == value
    assert render("<${data}>", {"data": [value]}) == f"<{json.dumps([value], ensure_ascii=False)}>"
