"""What bears on a question: ancestors, descendants, and the parts into which observations split the rest.

Pruning is exact.  A variable that is no ancestor of a target or of anything observed sums to one ("barren", Shachter
1986).  Among the ancestors, two variables are d-separated by the observed ones exactly if no chain of tables that share
unobserved variables joins them (Lauritzen and others 1990): the tables fall into parts that can be summed on their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def ancestors(parents: Mapping[str, Sequence[str]], of: Iterable[str]) -> set[str]:
    """Return the nodes themselves and all that they descend from."""
    found: set[str] = set()
    waiting = list(of)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(parents[node])
    return found


def descendants(parents: Mapping[str, Sequence[str]], of: Iterable[str]) -> set[str]:
    """Return the nodes themselves and all that descends from them."""
    children: dict[str, list[str]] = {}
    for node, named in parents.items():
        for parent in named:
            children.setdefault(parent, []).append(node)
    return ancestors({node: children.get(node, ()) for node in parents}, of)


def parts(scopes: Sequence[Iterable[int]]) -> list[list[int]]:
    """Return the numbers of the tables in groups that share no variable; each table without variables on its own."""
    leader = list(range(len(scopes)))

    def find(table: int) -> int:
        while leader[table] != table:
            leader[table] = leader[leader[table]]
            table = leader[table]
        return table

    holder: dict[int, int] = {}
    for table, scope in enumerate(scopes):
        for variable in scope:
            leader[find(table)] = find(holder.setdefault(variable, table))
    groups: dict[int, list[int]] = {}
    for table in range(len(scopes)):
        groups.setdefault(find(table), []).append(table)
    return list(groups.values())


def cycle_with(parents: Mapping[str, Sequence[str]], changed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the changed nodes that would lie on a directed cycle were their parents those given."""
    after = {**parents, **changed}
    return [node for node, named in changed.items() if node in ancestors(after, named)]
