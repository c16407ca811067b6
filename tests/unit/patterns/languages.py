"""Random patterns in the whole language, and documents that are made of the same few words and numbers."""

import math
from typing import Any

from hypothesis import strategies as st

TEXTS = ["", "a", "A", "b", "ab", "abc", "abcabc", "bca", "ä", "Ä", "aÄ", "ß", "\u212a", "k", "K", "İ", "i", "я", "Я"]
ADDRESSES = ["10.0.0.1", "10.0.0.01", "10.0.1.2", "::1", "0:0:0:0:0:0:0:1", "2001:db8::1", "1.2.3", "::ffff:10.0.0.1"]
ODD_TEXTS = ["*", "a*b", "\\", "\ud800", "\U0001f600", "x" * 300]
EDGES = [0, -0.0, 1, -1, 5e-324, 0.1, 0.5, 1.5, 2**53, 2**63, 2**64, 1.7976931348623157e308, 9.5]
BEYOND = [2**53 + 1, 2**64 + 1, 10**30, -(10**30), 10**400, True, False, None]
BLOCKS = ["10.0.0.0/8", "10.0.0.0/23", "10.0.0.1/32", "0.0.0.0/0", "::/0", "::1/128", "2001:db8::/32"]
WILDCARDS = ["*", "a*", "*a", "a*c", "*b*", "a*b*c", "abc", "", "\\**", "*\\\\", "ab*bc", "*bc*bc*", "Ä*"]

texts = st.sampled_from(TEXTS + ADDRESSES + ODD_TEXTS)
edges = st.sampled_from(EDGES)
finite = edges | st.sampled_from(BEYOND)
values = texts | finite | st.sampled_from([math.inf, -math.inf, math.nan])

ends = texts | texts.map(lambda text: {"equals-ignore-case": text})


@st.composite
def ranges(draw: st.DrawFn) -> list[Any]:
    low, high = sorted([draw(edges), draw(edges)])
    if low == high:
        return [">=", low, "<=", high]
    return [draw(st.sampled_from([">", ">="])), low, draw(st.sampled_from(["<", "<="])), high]


numeric = ranges() | st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), edges).map(list)
one_or_more_texts = texts | st.lists(texts, min_size=1, max_size=3)
excluded = st.one_of(
    one_or_more_texts,
    edges,
    st.lists(edges, min_size=1, max_size=3),
    st.sampled_from(["prefix", "suffix"]).flatmap(lambda op: st.just({op: ["a", "ä"]})),
    one_or_more_texts.map(lambda text: {"equals-ignore-case": text}),
    st.sampled_from(WILDCARDS).map(lambda text: {"wildcard": text}),
)
value_conditions = st.one_of(
    values.filter(lambda value: not isinstance(value, float) or math.isfinite(value)),
    texts.map(lambda text: {"exactly": text}),
    st.just({"exists": True}),
    ends.map(lambda end: {"prefix": end}),
    ends.map(lambda end: {"suffix": end}),
    texts.map(lambda text: {"equals-ignore-case": text}),
    st.sampled_from(WILDCARDS).map(lambda text: {"wildcard": text}),
    numeric.map(lambda bounds: {"numeric": bounds}),
    st.sampled_from(BLOCKS).map(lambda block: {"cidr": block}),
    excluded.map(lambda values: {"anything-but": values}),
)
none_of = st.lists(value_conditions, min_size=1, max_size=2).map(lambda parts: {"none-of": parts})
any_of = st.lists(value_conditions | none_of, min_size=1, max_size=2).map(lambda parts: {"any-of": parts})
all_of = st.lists(value_conditions | none_of | any_of, min_size=1, max_size=3).map(lambda parts: {"all-of": parts})
conditions = st.lists(
    st.one_of(value_conditions, value_conditions, value_conditions, none_of, all_of, st.just({"exists": False})),
    min_size=1,
    max_size=3,
)

PATHS = ["a", "b", "c", "a.b", "a.c", "b.a", "a.b.c", "a.b.d", "", ".a", "a..b", "d.e.f.g.h.i.j.k"]
paths = st.sampled_from(PATHS)


@st.composite
def patterns(draw: st.DrawFn) -> dict[str, Any]:
    """A pattern of up to four fields, of which some may stand in the branches of one or two `$or`s."""
    fields = {path: draw(conditions) for path in draw(st.lists(paths, unique=True, min_size=1, max_size=4))}
    if len(fields) < 2 or draw(st.booleans()):
        return fields
    (first, one), (second, other), *rest = fields.items()
    branches: list[dict[str, Any]] = [{first: one}, {second: other}, {first: draw(conditions), second: other}]
    if rest and draw(st.booleans()):
        path, last = rest.pop()
        branches[0] = {"$or": [{first: one}, {path: last}]}
    return {"$or": branches, **dict(rest)}


keys = st.sampled_from(["a", "b", "c", "d", "a.b", "b.c", "a.b.c", "", ".", "x"])
leaves = values | st.lists(values, max_size=3) | st.lists(st.lists(values, max_size=2), max_size=2)
objects = st.recursive(
    st.dictionaries(keys, leaves, max_size=4),
    lambda inner: st.dictionaries(keys, leaves | inner | st.lists(inner, max_size=3), max_size=4),
    max_leaves=8,
)
plain_leaves = st.dictionaries(st.sampled_from("abcd"), leaves, max_size=4)
plain = st.builds(
    lambda a, b, rest: {**rest, "a": a, "b": b}, plain_leaves | leaves, plain_leaves | leaves, plain_leaves
)
documents = objects | plain | plain
