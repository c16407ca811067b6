"""At which heights the edges end on a side of a node: as level with what they come from as the side allows."""

from collections.abc import Sequence
from itertools import accumulate

BETWEEN_ENDS = 14.0
"""The distance of two edges that end at one side of a node, and twice that of an edge from a corner, in pixels."""


def ends_at(node: float, neighbours: Sequence[float], half: float) -> list[float]:
    """Return the heights at which the edges end on one side of a node.

    Args:
        node: The height of the node's middle.
        neighbours: The heights of what the edges come from, from the top.
        half: Half the node's own height.
    """
    if not neighbours:
        return []
    play = half - len(neighbours) * BETWEEN_ENDS / 2
    top = node - (len(neighbours) - 1) / 2 * BETWEEN_ENDS
    offsets = [number * BETWEEN_ENDS for number in range(len(neighbours))]
    free = apart(neighbours, [BETWEEN_ENDS] * (len(neighbours) - 1))
    # Clipping the least squares gives the least squares within the bounds.
    return [
        min(max(height - offset, top - play), top + play) + offset for height, offset in zip(free, offsets, strict=True)
    ]


def apart(wishes: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Return the heights next to the wished ones that keep the distances: the least squares, by pooling neighbours.

    This is isotonic regression by the pool-adjacent-violators algorithm (Barlow et al., 1972).

    Args:
        wishes: The wished heights, from the top.
        distances: The least distance of each height from the one before it.
    """
    offsets = list(accumulate(distances, initial=0.0))
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        total, count = wish - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            total, count = total + pools[-1][0], count + pools.pop()[1]
        pools.append((total, count))
    levels = [total / count for total, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
