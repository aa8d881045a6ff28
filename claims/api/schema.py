"""How the OpenAPI document is made: drf-spectacular, with the one error shape at every operation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny

from claims.api import headers
from claims.api.serializers.fields import Strict
from claims.api.sparse import Sparse, parameters

ERROR = "Error"
CONFLICT = "Conflict"


def _column_of(field: Any) -> Any:
    """The model's field a serializer's field shows as it is, if there is one."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if model is None or not getattr(field, "source", None) or "." in field.source or field.source == "*":
        return None
    try:
        found = model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return None
    return found if hasattr(found, "blank") else None


def _problem(name: str, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


class Schema(AutoSchema):
    """Adds what every operation may answer instead of its result, and the headers every change takes."""

    def get_summary(self) -> str | None:
        """The first sentence of the description: what stands beside the address in a list of operations."""
        given: str = super().get_summary() or self.get_description() or ""
        return given.partition("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".")[:160] or None

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *headers.parameters(self.method, self.view)]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """A body that takes no unknown field says so."""
        shape: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request" and isinstance(serializer, Strict):
            shape["additionalProperties"] = False
        return shape

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """What is only read may be empty where the model says so, which the framework leaves out."""
        shape = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        column = _column_of(field)
        if column is None or not column.blank or not field.read_only:
            return shape
        if column.choices and shape.get("type") == "string" and "" not in shape.get("enum", [""]):
            told = {name: shape[name] for name in ("description",) if name in shape}
            return {"type": "string", "anyOf": [{"const": ""}, {"type": "string", "enum": shape["enum"]}], **told}
        return shape

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        column = _column_of(field)
        if field.read_only and column is not None and column.blank and schema.get("format") == "uri":
            del schema["format"]  # an address that may be empty

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> Any:
        meta = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        column = _column_of(field)
        if direction == "response" and column is not None and column.null:
            meta["nullable"] = True  # whatever is asked of those who write it
        return meta

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None and self.method == "GET" and isinstance(self.view, Sparse):
            self._loosen(operation)
        if operation is not None:
            headers.declare(operation["responses"], self.method, self.view)
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _loosen(self, operation: dict[str, Any]) -> None:
        """With `?fields=` nothing is required, and with `?expand=` things stand in place of ids."""
        view: Any = self.view
        content = operation["responses"]["200"]["content"]["application/json"]
        whole = view.get_serializer_class()()
        name = self.resolve_serializer(whole, "response").name
        full = self.registry[(name, ResolvedComponent.SCHEMA)].schema
        expandable = view.expandable
        properties = dict(full["properties"])
        for each, expansion in expandable.items():
            field = expansion.field()
            of = getattr(field, "child", field)
            ref = self.resolve_serializer(of, "response").ref
            thing = {"type": "array", "items": ref} if field is not of else ref
            properties[each] = {"anyOf": [properties.get(each, {"type": "null"}), thing]}
        loose = {key: value for key, value in full.items() if key != "required"}
        loose |= {"properties": properties, "x-always-without-fields": sorted(full.get("required", ()))}
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            f"Any{name}", ResolvedComponent.SCHEMA, loose, object=f"Any{name}"
        )
        self.registry.register_on_missing(component)
        names = sorted({one for one, about in full["properties"].items() if not about.get("writeOnly")})
        pages = getattr(self.view, "pagination_class", None) and isinstance(self.view, ListModelMixin)
        content["schema"] = (
            view.paginator.get_paginated_response_schema({"type": "array", "items": component.ref})
            if pages
            else component.ref
        )
        made = [self._parameter(one) for one in parameters(names, sorted(expandable))]
        operation["parameters"] = sorted([*operation.get("parameters", []), *made], key=lambda one: str(one["name"]))

    def _parameter(self, one: OpenApiParameter) -> dict[str, Any]:
        return {
            "in": "query",
            "name": one.name,
            "schema": one.type,
            "description": one.description,
            "explode": one.explode,
            "style": one.style,
        }

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        problems = {"406": _problem(ERROR, "Only JSON is spoken here.")}
        if AllowAny not in self.view.permission_classes:
            problems["401"] = _problem(ERROR, "No key or session, or one that does not hold.")
            problems["403"] = _problem(ERROR, "Your key or your roles do not allow this.")
        if "{" in self.path or getattr(self.view, "pagination_class", None):
            problems["404"] = _problem(ERROR, "There is no such thing, or none that you may see.")
        if self.view.get_throttles() and "401" in problems:
            problems["429"] = _problem(ERROR, "Too many requests; `Retry-After` tells how many seconds to wait.")
        problems["503"] = _problem(ERROR, "The database does not answer, or too much is asked at once: try again.")
        if self.method == "GET":
            problems["400"] = _problem(ERROR, "A parameter is wrong; `attr` names it.")
        else:
            problems["400"] = _problem(ERROR, "A field is wrong; `attr` names it. Nothing was saved.")
            problems["409"] = _problem(
                CONFLICT, "Not in this state, or somebody was faster; `allowed_moves` tells what can be done."
            )
            problems["413"] = _problem(ERROR, "The body is too large.")
            problems["415"] = _problem(ERROR, "Send `application/json`.")
            problems["422"] = _problem(ERROR, "Allowed in principle, but a rule of the desk says no.")
        return {**bodies, **{code: problems[code] for code in sorted(problems) if code not in bodies}}


def add_error_shapes(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: the components that `Schema` and `headers` point at."""
    one = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": "For programs, such as `too_few_reviews`."},
            "detail": {"type": "string", "description": "For people: what is wrong and what to do."},
            "attr": {"type": ["string", "null"], "description": "The field, dotted when nested."},
        },
        "required": ["code", "detail", "attr"],
    }
    error = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["validation_error", "client_error", "server_error"]},
            "errors": {"type": "array", "items": one, "minItems": 1},
        },
        "required": ["type", "errors"],
    }
    conflict = {
        **error,
        "required": ["type", "errors", "allowed_moves"],
        "properties": {
            **error["properties"],  # type: ignore[dict-item]
            "allowed_moves": {"type": "array", "items": {"type": "string"}},
        },
    }
    result["components"]["headers"] = headers.components()
    result["components"]["schemas"].update({ERROR: error, CONFLICT: conflict})
    result["components"]["schemas"] = dict(sorted(result["components"]["schemas"].items()))
    return result
