import random

import pytest

from analytics.identity.union_find import UnionFind
from jobs.connected import connected

pytestmark = pytest.mark.spark


def expected(edges: list[tuple[str, str]]) -> dict[str, str]:
    sets = UnionFind()
    for left, right in edges:
        sets.union(left, right)
    return {node: sets.find(node) for node in sets.members if sets.find(node) != node}


@pytest.mark.parametrize("small_edges", [0, 10_000])
@pytest.mark.parametrize("shape", ["random", "chain", "star", "nothing"])
def test_components_are_those_of_union_find(spark, shape, small_edges):
    rng = random.Random(7)
    names = [f"{rng.getrandbits(40):010x}" for _ in range(400)]
    edges = {
        "random": [(rng.choice(names), rng.choice(names)) for _ in range(300)],
        "chain": [(names[i], names[i + 1]) for i in range(299)],
        "star": [(names[0], name) for name in names],
        "nothing": [],
    }[shape]
    frame = spark.createDataFrame(edges, "node string, component string").repartition(4)
    found = {row.node: row.component for row in connected(frame, small_edges=small_edges).collect()}
    assert found == expected(edges)
