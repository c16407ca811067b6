"""Random patterns and documents, small enough to meet each other often."""

from typing import Any

from hypothesis import strategies as st

keys = st.sampled_from(["a", "b", "a.b", "b.a", "c"])
plain = st.sampled_from(["x", "y", 1, 2])

loose_documents = st.dictionaries(
    keys,
    st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=10,
    ),
    max_size=3,
)

# Rows of cells, of which some hold rows again: where fields agree or not on elements.
cells = plain | st.lists(plain, max_size=3)
inner_rows = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), cells, max_size=3), max_size=3)
rows = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c", "a.b"]), cells | inner_rows, max_size=3), max_size=3)
documents_of_rows = st.builds(lambda a, more: {"a": a, **more}, rows, st.dictionaries(st.just("a.b"), rows))

documents = loose_documents | documents_of_rows | documents_of_rows

value_conditions: st.SearchStrategy[Any] = (
    plain | st.just({"exists": True}) | plain.map(lambda value: {"anything-but": value})
)
none_of = st.lists(value_conditions, min_size=1, max_size=2).map(lambda parts: {"none-of": parts})
any_of = st.lists(value_conditions | none_of, min_size=1, max_size=2).map(lambda parts: {"any-of": parts})
all_of = st.lists(value_conditions | none_of | any_of, min_size=1, max_size=3).map(lambda parts: {"all-of": parts})
conditions = st.lists(
    st.one_of(value_conditions, value_conditions, none_of, all_of, st.just({"exists": False})), min_size=1, max_size=2
)

loose_paths = st.sampled_from(["a", "b", "c", "a.b", "a.a", "a.c", "b.a", "b.b", "a.b.a", "a.b.b", "a.b.c", "a.a.b"])
paths_in_rows = st.sampled_from(["a.a", "a.b", "a.c", "a.a.a", "a.a.b", "a.b.a", "a.b.b", "a.b.c"])
often_plain = conditions | plain.map(lambda value: [value]) | plain.map(lambda value: [value])


@st.composite
def patterns(draw: st.DrawFn) -> dict[str, Any]:
    """A pattern of up to four fields, of which two may stand in the branches of a `$or`."""
    paths = draw(st.sampled_from([loose_paths, paths_in_rows]))
    chosen = draw(st.lists(paths, unique=True, min_size=1, max_size=4))
    fields = {path: draw(often_plain) for path in chosen}
    if len(fields) > 1 and draw(st.booleans()):
        first, second, *rest = fields
        branches = [{first: fields[first]}, {second: fields[second]}]
        return {"$or": branches, **{path: fields[path] for path in rest}}
    return fields
