"""What openapi.json says about requests that the views read themselves."""

from typing import Any

from portal.shared.api_errors import ErrorOut

from .schemas import MessageIn, Strict, TipIn

_PHOTOS = {"type": "array", "maxItems": 9, "items": {"type": "string", "format": "binary"}}


def errors(*statuses: int) -> dict[int, type[ErrorOut]]:
    """Return the error answers of a route, for its `response`."""
    return dict.fromkeys(statuses, ErrorOut)


def json_request(model: type[Strict]) -> dict[str, Any]:
    """Describe a JSON body."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _schema(model)}}}}


def tip_request(*, key_header: str) -> dict[str, Any]:
    """Describe a submission: the JSON part `tip`, the files `photos`, the key in a header."""
    parts = {
        "type": "object",
        "required": ["tip"],
        "additionalProperties": False,
        "properties": {"tip": _schema(TipIn), "photos": _PHOTOS},
    }
    form = {"schema": parts, "encoding": {"tip": {"contentType": "application/json"}}}
    return {
        "parameters": [_key(key_header, required=True)],
        "requestBody": {"required": True, "content": {"multipart/form-data": form}},
    }


def message_request(*, key_header: str) -> dict[str, Any]:
    """Describe a message: JSON, or plain fields with the files `photos`."""
    plain = _schema(MessageIn)
    with_photos = {**plain, "properties": {**plain["properties"], "photos": _PHOTOS}}
    content = {"application/json": {"schema": plain}, "multipart/form-data": {"schema": with_photos}}
    return {
        "parameters": [_key(key_header, required=False)],
        "requestBody": {"required": True, "content": content},
    }


def query(**names: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """Describe parameters of an address: each name with its schema and what it is; only `kind` is required."""
    return {
        "parameters": [
            {"in": "query", "name": name, "required": name == "kind", "description": text, "schema": schema}
            for name, (schema, text) in names.items()
        ]
    }


def _schema(model: type[Strict]) -> dict[str, Any]:
    return model.model_json_schema()


def _key(name: str, *, required: bool) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": "128 random bits as 32 lower-case hex digits, made anew for every tip or message.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    }
