"""Connected components of a part of a graph, fast, as Arrow columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def contract(left: pa.Array[Any], right: pa.Array[Any]) -> tuple[pa.Array[Any], pa.Array[Any]]:
    """Return each node but the smallest of its component, and that smallest: stars that connect what edges connect.

    Parameters
    ----------
    left, right : pyarrow.Array of string, length n_edges
        Ends of the edges.

    Returns
    -------
    node, component : pyarrow.Array of string
        In order of node; no more rows than nodes.

    Examples
    --------
    >>> node, component = contract(pa.array(["b", "d", "c"]), pa.array(["a", "e", "b"]))
    >>> list(zip(node.to_pylist(), component.to_pylist()))
    [('b', 'a'), ('c', 'a'), ('e', 'd')]
    """
    names = pc.unique(pa.concat_arrays([left, right]))
    names = names.take(pc.sort_indices(names))
    if len(names) == 0:
        return names, names
    ends = [pc.index_in(end, names).to_numpy(zero_copy_only=False) for end in (left, right)]
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), tuple(ends)), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=False)
    # Names are sorted, so the first node of a component has the smallest.
    _, first = np.unique(label, return_index=True)
    smallest = first[label]
    others = np.flatnonzero(smallest != np.arange(len(names)))
    return names.take(others), names.take(smallest[others])
