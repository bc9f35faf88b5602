"""Sets that grow together."""

from __future__ import annotations


class UnionFind:
    """Disjoint sets of names; a set is called after its smallest name.

    References
    ----------
    .. [1] R. Tarjan, J. van Leeuwen, "Worst-case analysis of set union algorithms", J. ACM 31(2), 1984 (path halving).

    Examples
    --------
    >>> sets = UnionFind()
    >>> sets.union("c", "b")
    >>> sets.find("c"), sets.find("a")
    ('b', 'a')
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    @property
    def members(self) -> list[str]:
        """Every name that was united with another, or with itself."""
        return list(self._parent)

    def find(self, name: str) -> str:
        """Return the smallest name of the set; a name never met is a set of its own."""
        parent = self._parent
        while parent.get(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def union(self, left: str, right: str) -> None:
        """Join two sets."""
        for name in (left, right):
            self._parent.setdefault(name, name)
        first, second = sorted((self.find(left), self.find(right)))
        self._parent[second] = first
