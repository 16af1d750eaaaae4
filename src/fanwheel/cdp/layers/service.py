"""What people decide about layers: which there are, their classes, and by which rules people are in them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from fanwheel.cdp.layers.contracts import ClassInfo, LayerInfo, NewClass
from fanwheel.cdp.layers.errors import (
    BadLayerError,
    LayerBuiltInError,
    LayerExistsError,
    LayerMentionedError,
    LayerNotFoundError,
)
from fanwheel.cdp.layers.repository import LayerRepository
from fanwheel.cdp.segments import hidden, mentions
from fanwheel.cdp.segments.layers import BUILT_IN
from fanwheel.cdp.tags.repository import TagRepository
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.domain import Stage


async def list_layers(tx: Transaction) -> list[LayerInfo]:
    """Every layer with its classes, the lowest first: the built-in ones, then those that users define."""
    layers = LayerRepository(tx)
    people = await layers.count()
    rows = await layers.list_classes()
    defined = [_layer(list(group), people) for _, group in groupby(rows, itemgetter("layer_id"))]
    return [*(_built_in(key, people) for key in BUILT_IN), *defined]


async def get(tx: Transaction, key: str) -> LayerInfo:
    """A layer; raises ``LayerNotFoundError``."""
    for each in await list_layers(tx):
        if each.key == key:
            return each
    raise LayerNotFoundError


async def add(
    tx: Transaction,
    key: str,
    *,
    name: str,
    description: str,
    may_fall: bool,
    classes: Sequence[NewClass],
    actor: str,
) -> None:
    """Make a layer; people are put into its classes once the rules are worked out.

    Raises
    ------
    LayerExistsError, BadLayerError, BadSegmentError
        If there is one of the key, classes have the same key, or a rule cannot be or leads to itself.
    """
    layers = await _hold(tx)
    if key in BUILT_IN or await layers.list_classes(one=key):
        raise LayerExistsError(hint="Choose another key.")
    layer_id = await layers.add(
        {"key": key, "name": name, "description": description, "may_fall": may_fall, "actor": actor}
    )
    await _put_classes(tx, layer_id, name, classes, before={}, actor=actor)


async def change(
    tx: Transaction, key: str, *, name: str, description: str, may_fall: bool, classes: Sequence[NewClass], actor: str
) -> None:
    """Make a layer another; classes are known by their keys, and people leave those that are no more.

    Raises
    ------
    LayerNotFoundError, LayerBuiltInError
        If there is none, or it is built in.
    BadLayerError, BadSegmentError, LayerMentionedError
        If classes have the same key, a rule cannot be or leads to itself, or rules mention a class that is to go.
    """
    layers = await _hold(tx)
    rows = await _get_rows(layers, key)
    layer_id, before = rows[0]["layer_id"], {row["class_key"]: row["segment_id"] for row in rows}
    await _require_unmentioned(tx, key, before.keys() - {each.key for each in classes})
    values = {"name": name, "description": description, "may_fall": may_fall, "actor": actor}
    await layers.change(layer_id, values)
    await _put_classes(tx, layer_id, name, classes, before=before, actor=actor)
    await layers.carry_anew(layer_id)


async def delete(tx: Transaction, key: str) -> None:
    """Forget a layer; everybody leaves its classes.

    Raises
    ------
    LayerNotFoundError, LayerBuiltInError, LayerMentionedError
        If there is none, it is built in, or rules mention it.
    """
    layers = await _hold(tx)
    rows = await _get_rows(layers, key)
    await _require_unmentioned(tx, key, None)
    layer_id = rows[0]["layer_id"]
    await layers.delete_classes(layer_id, [row["class_key"] for row in rows])
    await layers.delete(layer_id)
    await hidden.delete(tx, [row["segment_id"] for row in rows])


async def _put_classes(
    tx: Transaction, layer_id: int, name: str, classes: Sequence[NewClass], *, before: Mapping[str, int], actor: str
) -> None:
    layers = LayerRepository(tx)
    keys = [each.key for each in classes]
    if len(set(keys)) < len(keys):
        raise BadLayerError(hint="Give each class a key of its own.")
    gone = before.keys() - set(keys)
    await layers.delete_classes(layer_id, gone)
    await hidden.delete(tx, [before[key] for key in gone])
    segments = []
    for position, each in enumerate(classes, 1):
        segment_id, _ = await hidden.put(
            tx, before.get(each.key), purpose="layer", name=f"{name} · {each.name}", rule=each.rule, actor=actor
        )
        segments.append(segment_id)
        await layers.put_class(
            layer_id, {"key": each.key, "name": each.name, "position": position, "segment_id": segment_id}
        )
    await mentions.require_no_circles(tx, segments)


async def _require_unmentioned(tx: Transaction, key: str, classes: Collection[str] | None) -> None:
    if classes is not None and not classes:
        return
    if naming := (await mentions.read_web(tx)).naming("layer", key, classes):
        what = "this layer" if classes is None else "a class that is to go"
        raise LayerMentionedError(f"Rules mention {what}: {', '.join(naming)}.", hint="Take it out of them first.")


async def _hold(tx: Transaction) -> LayerRepository:
    """Keep the judge, whoever follows rules and other changes of rules out until the transaction ends."""
    await hidden.hold(tx)
    await TagRepository(tx).hold()
    return LayerRepository(tx)


async def _get_rows(layers: LayerRepository, key: str) -> list[Row]:
    if key in BUILT_IN:
        raise LayerBuiltInError(hint="Make a layer of your own.")
    rows = await layers.list_classes(one=key)
    if not rows:
        raise LayerNotFoundError
    return rows


def _layer(rows: Sequence[Row], people: Counter[tuple[str, str]]) -> LayerInfo:
    first = rows[0]
    states = {row["status"] for row in rows}
    return LayerInfo(
        key=first["key"],
        name=first["name"],
        description=first["description"],
        may_fall=first["may_fall"],
        is_built_in=False,
        classes=[
            ClassInfo(
                row["class_key"], row["class_name"], row["position"], row["rule"], people[row["key"], row["class_key"]]
            )
            for row in rows
        ],
        status="failed" if "failed" in states else "building" if "building" in states else "ready",
        error=next((row["error"] for row in rows if row["error"]), None),
    )


def _built_in(key: str, people: Counter[tuple[str, str]]) -> LayerInfo:
    """A layer that every brand has; of the words of a trait those that people have."""
    seen = sorted(word for layer, word in people if layer == key)
    known = [stage.label for stage in Stage] if key == "stage" else seen
    classes = [ClassInfo(word, "", place, None, people[key, word]) for place, word in enumerate(known, 1)]
    return LayerInfo(key, "", "", key != "stage", True, classes, "ready", None)
