"""Going through the conditions of a tree."""

from collections.abc import Iterator

from fanwheel.cdp.segments import tree


def walk(condition: tree.Condition, path: str = "$.condition") -> Iterator[tuple[str, tree.Condition]]:
    """Every condition with the path that leads to it, the outer ones first."""
    waiting = [(path, condition)]
    while waiting:
        here, node = waiting.pop()
        yield here, node
        waiting.extend(reversed(parts(node, here)))


def parts(node: tree.Condition, path: str) -> list[tuple[str, tree.Condition]]:
    """The conditions just inside of one, with their paths; none for a leaf."""
    if isinstance(node, tree.All | tree.Any):
        return [(f"{path}.conditions[{index}]", part) for index, part in enumerate(node.conditions)]
    if isinstance(node, tree.Not):
        return [(f"{path}.condition", node.condition)]
    return []
