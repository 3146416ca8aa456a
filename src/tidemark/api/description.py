"""The OpenAPI description of the whole, at ``/api/v1/openapi.json``."""

from functools import cache
from typing import Any

from ninja import NinjaAPI

from tidemark.api.problems import MEDIA_TYPE
from tidemark.limits import MAX_IDEMPOTENCY_KEY_CHARS

PREFIX = "/api/v1/"

ABOUT = """\
What the pages can do, for programs. Every answer holds what the person who asks may see and nothing else: what belongs
to somebody else is not found.

Errors are problem documents (RFC 9457). Lists come in pages: `items`, and in `next` the address of the next page or
null. A `POST` may carry an `Idempotency-Key`: sent again with the same body within a day, it does nothing twice and
gets the first answer.
"""

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "What a program decides by."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was expected, what was seen, what to do; in words."},
        "fault": {"type": "string", "description": "Under which the operator finds what broke in the log."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "what"],
                "properties": {"at": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}


@cache
def description_of(api: NinjaAPI) -> dict[str, Any]:
    """Return the description, with the parts that all operations refer to. It takes seconds to make, once a process."""
    described: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    parts = described["components"]
    parts["schemas"]["Problem"] = _PROBLEM
    parts["responses"] = {
        "Problem": {
            "description": "What went wrong.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    parts["parameters"] = {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A name of your own for this request, new for each.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_IDEMPOTENCY_KEY_CHARS,
                "pattern": "^[!-~]([ -~]*[!-~])?$",
            },
        }
    }
    return described
