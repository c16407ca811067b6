"""Which values a compiled statement passes on as they are, and which it leaves to the field."""

from datetime import UTC

import pytest
from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute
from django.test.utils import isolate_apps
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from detent.workflow.statements.columns import columns_for, values_of
from tests.shop.models import Letter


class ShoutedField(models.CharField):
    """A text that is stored in capitals."""

    def get_prep_value(self, value):
        return super().get_prep_value(value).upper()


class StampedField(models.CharField):
    """A text that is computed before it is written."""

    def pre_save(self, model_instance, add):
        return f"stamped {super().pre_save(model_instance, add)}"


def make_model(name, /, **fields):
    """Make a model of the shop."""
    return type(models.Model)(name, (models.Model,), {"__module__": "tests.shop.models", **fields})


def column_of(model, name):
    [column] = columns_for(model, [model._meta.get_field(name)], connection)
    return column


def test_a_text_is_passed_on_and_a_subclass_of_text_is_not():
    column = column_of(Letter, "text")
    assert [kind in column.ready for kind in (str, type(None), SafeString, int)] == [True, True, False, False]


@isolate_apps("tests.shop")
def test_a_field_that_prepares_in_its_own_way_is_always_asked():
    poster = make_model("Poster", text=ShoutedField(max_length=10))
    assert values_of(poster(text="Sale"), [column_of(poster, "text")], connection, add=True) == ["SALE"]


@isolate_apps("tests.shop")
def test_a_field_that_computes_its_value_is_asked_for_it():
    poster = make_model(
        "Poster",
        text=StampedField(max_length=10),
        changed=models.DateTimeField(auto_now=True),
        title=models.CharField(max_length=10),
    )
    assert [column_of(poster, name).computed for name in ("text", "changed", "title")] == [True, True, False]


@isolate_apps("tests.shop")
def test_an_attribute_that_is_not_djangos_own_is_read_through_the_field():
    class Quoted(DeferredAttribute):
        def __get__(self, instance, cls=None):
            return self if instance is None else f"'{instance.__dict__['title']}'"

        def __set__(self, instance, value):
            instance.__dict__["title"] = value

    class QuotedField(models.CharField):
        descriptor_class = Quoted

    poster = make_model("Poster", title=QuotedField(max_length=10))
    assert values_of(poster(title="Sale"), [column_of(poster, "title")], connection, add=True) == ["'Sale'"]


def test_a_database_that_adapts_numbers_is_given_what_the_field_makes_of_them(monkeypatch):
    monkeypatch.setattr(type(connection.ops), "adapt_integerfield_value", lambda _ops, value, _kind: -value)
    [value] = values_of(Letter(stamps=3), [column_of(Letter, "stamps")], connection, add=True)
    assert value == -3


@isolate_apps("tests.shop")
def test_a_foreign_key_passes_on_the_keys_of_numbers_but_not_of_texts():
    street = make_model("Street")
    town = make_model("Town", name=models.CharField(max_length=10, primary_key=True))
    house = make_model(
        "House",
        street=models.ForeignKey(street, on_delete=models.CASCADE),
        town=models.ForeignKey(town, on_delete=models.CASCADE),
    )
    assert int in column_of(house, "street").ready
    assert str not in column_of(house, "town").ready


MOMENTS = st.datetimes(timezones=st.timezones() | st.just(UTC)) | st.datetimes()
NUMBERS = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-(10**7), 10**7, places=2)


def outcome(prepare):
    """Return what is made of a value, with its type and text, or how it is refused."""
    try:
        prepared = prepare()
    except Exception as error:  # noqa: BLE001 - the kind of error is what is compared
        return type(error)
    return type(prepared), str(prepared)


with isolate_apps("tests.shop"):
    PAGE = make_model(
        "Page",
        written=models.DateTimeField(),
        width=models.DecimalField(max_digits=9, decimal_places=2),
        number=models.IntegerField(),
    )


@pytest.mark.filterwarnings("ignore:DateTimeField Page.written received a naive datetime")
@given(
    st.tuples(st.just("written"), MOMENTS)
    | st.tuples(st.just("width"), NUMBERS)
    | st.tuples(st.just("number"), st.integers(-(2**31), 2**31 - 1) | st.booleans())
)
def test_a_value_is_prepared_as_its_field_would(named):
    """Where there is a way of not asking the field, what comes of it is what the field would have said."""
    name, value = named
    column = column_of(PAGE, name)
    asked = outcome(lambda: column.field.get_db_prep_save(value, connection))
    assert outcome(lambda: column.prepare(value, connection)) == asked
