"""As much of JSON Schema as our own schema uses."""

from __future__ import annotations

from typing import Any

_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_KNOWN = {
    "$ref", "$defs", "$schema", "title", "description", "default", "type", "enum", "anyOf", "properties", "required",
    "additionalProperties", "items", "minimum", "maximum", "exclusiveMinimum", "maxLength",
    "allOf", "if", "then", "const", "minLength", "minItems", "maxItems", "minProperties", "contains",
}  # fmt: skip
_LIMITS = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "exclusiveMinimum": lambda value, limit: value > limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minLength": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "minProperties": lambda value, limit: len(value) >= limit,
}


def _in_range(value: Any, schema: Any) -> bool:
    return (
        (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
            and ("maxLength" not in schema or len(value) <= schema["maxLength"])
        )
        if {"minimum", "maximum", "exclusiveMinimum", "maxLength"} & set(schema)
        else True
    )


def _of_kinds(value: Any, schema: Any, whole: dict[str, Any], path: str) -> list[str]:
    """What is wrong by the branches whose conditions hold."""
    holding = [one["then"] for one in schema.get("allOf", ()) if not faults(value, one["if"], whole, path)]
    return [fault for then in holding for fault in faults(value, then, whole, path)]


def faults(value: Any, schema: Any, whole: dict[str, Any], path: str = "$") -> list[str]:
    """Where a value does not fit a schema."""
    if schema is True or schema is False:
        return [] if schema else [path]
    assert set(schema) <= _KNOWN, f"this schema uses more than is checked here: {set(schema) - _KNOWN}"
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, path)
    if "anyOf" in schema and all(faults(value, one, whole, path) for one in schema["anyOf"]):
        return [path]
    if allowed := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return [] if value in allowed else [path]
    if "type" in schema and not _TYPES[schema["type"]](value):
        return [path]
    if not all(holds(value, schema[key]) for key, holds in _LIMITS.items() if key in schema):
        return [path]
    found = []
    if not _in_range(value, schema):
        return [path]
    if isinstance(value, dict):
        found += [f"{path}.{key} missing" for key in schema.get("required", ()) if key not in value]
        for key, part in value.items():
            rest = schema.get("additionalProperties", True)
            found += faults(part, schema.get("properties", {}).get(key, rest), whole, f"{path}.{key}")
    found += _of_kinds(value, schema, whole, path)
    if isinstance(value, list):
        found += _of_entries(value, schema, whole, path)
    return found


def _of_entries(value: list[Any], schema: Any, whole: dict[str, Any], path: str) -> list[str]:
    """What is wrong with the entries of a list."""
    found = []
    if "contains" in schema and all(faults(part, schema["contains"], whole, path) for part in value):
        found.append(path)
    for number, part in enumerate(value):
        found += faults(part, schema.get("items", True), whole, f"{path}[{number}]")
    return found
