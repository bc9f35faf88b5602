import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from analytics.identity.components import contract
from analytics.identity.union_find import UnionFind

NAMES = st.text("abcdef", min_size=1, max_size=2)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=40))
def test_stars_join_what_edges_join(edges):
    sets = UnionFind()
    for left, right in edges:
        sets.union(left, right)
    node, component = contract(*(pa.array([edge[end] for edge in edges], pa.string()) for end in (0, 1)))
    found = dict(zip(node.to_pylist(), component.to_pylist(), strict=True))
    assert found == {name: sets.find(name) for name in sets.members if sets.find(name) != name}
    assert list(found) == sorted(found)
