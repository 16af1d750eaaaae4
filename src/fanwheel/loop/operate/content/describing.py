"""What a template says, in the API's description: its JSON schema as components of their own, named ``Content…``."""

from typing import Annotated, Any, Final

import msgspec
from pydantic import WithJsonSchema

from fanwheel.domains.private.channels.contracts import AnyPart
from fanwheel.loop.operate.content.writing import Content

_MARKS: Final[dict[str, Any]] = {"x-content": Content, "x-content-parts": tuple[AnyPart, ...]}
_PREFIX: Final = "Content"

# What routes take and give: read by writing.py, whose messages say where and how, and described by this module.
ContentJson = Annotated[dict[str, Any], WithJsonSchema({"x-content": True})]
PartsJson = Annotated[list[dict[str, Any]], WithJsonSchema({"x-content-parts": True})]


def describe_content(description: dict[str, Any]) -> dict[str, Any]:
    """The API's description with the schema of contents put where routes take or give one."""
    types = list(_MARKS.values())
    made, components = msgspec.json.schema_components(types, ref_template=f"#/components/schemas/{_PREFIX}{{name}}")
    by_mark = dict(zip(_MARKS, made, strict=True))
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name in list(schemas):
        schemas[name] = _marked(schemas[name], by_mark)
    description["paths"] = _marked(description["paths"], by_mark)
    schemas |= {f"{_PREFIX}{name}": {**each, "title": f"{_PREFIX}{name}"} for name, each in components.items()}
    return description


def _marked(schema: Any, by_mark: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_marked(item, by_mark) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for mark, put in by_mark.items():
        if mark in schema:
            return dict(put)
    return {key: _marked(value, by_mark) for key, value in schema.items()}
