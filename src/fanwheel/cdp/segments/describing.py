"""The rule of a segment in the API's description: its JSON schema as components of their own.

Components are named ``Segment…`` after their classes; a condition, a test and a test of a property are named too, so
that clients get a type for each.
"""

from typing import Annotated, Any, Final

import msgspec
from pydantic import WithJsonSchema

from fanwheel.cdp.segments import tree

_MARK: Final = "x-segment-rule"
_PREFIX: Final = "Segment"
_UNIONS: Final = {"Condition": tree.Condition, "Test": tree.Test, "PropertyTest": tree.PropertyTest}

# What routes take and give: checked by reading.py, whose messages say where and how, and described by this module.
RuleJson = Annotated[dict[str, Any], WithJsonSchema({_MARK: True})]


def describe_rule(description: dict[str, Any]) -> dict[str, Any]:
    """The API's description with the schema of rules put where routes take or give one."""
    (rule, *unions), components = msgspec.json.schema_components(
        [tree.Rule, *_UNIONS.values()], ref_template=f"#/components/schemas/{_PREFIX}{{name}}"
    )
    names = dict(zip(_UNIONS, unions, strict=True))
    made = {f"{_PREFIX}{name}": _named(component, names) for name, component in components.items()}
    made |= {f"{_PREFIX}{name}": {"title": f"{_PREFIX}{name}", **union} for name, union in names.items()}
    for name, component in made.items():
        component["title"] = name
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name in list(schemas):
        schemas[name] = _marked(schemas[name], rule)
    description["paths"] = _marked(description["paths"], rule)
    schemas |= made
    return description


def _named(schema: Any, names: dict[str, Any]) -> Any:
    """The schema with references where it spells out one of the unions."""
    if isinstance(schema, list):
        return [_named(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, union in names.items():
        if schema == union:
            return {"$ref": f"#/components/schemas/{_PREFIX}{name}"}
    return {key: _named(value, names) for key, value in schema.items()}


def _marked(schema: Any, rule: Any) -> Any:
    """The schema with the rule's where it was marked."""
    if isinstance(schema, list):
        return [_marked(item, rule) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return dict(rule) if _MARK in schema else {key: _marked(value, rule) for key, value in schema.items()}
