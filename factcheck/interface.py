"""Settings of the API: limits, Django REST framework, the schema, keys. Part of `settings.py`."""

from factcheck import env

API_REQUESTS_PER_KEY = env.integer(
    "API_REQUESTS_PER_KEY", default=600, low=1, about="Requests a key, or a person's session, may make per minute."
)
API_REQUESTS_PER_NEWSROOM = env.integer(
    "API_REQUESTS_PER_NEWSROOM",
    default=3000,
    low=1,
    about="Requests all keys of a newsroom together may make per minute.",
)
API_REQUESTS_ANONYMOUS = env.integer(
    "API_REQUESTS_ANONYMOUS",
    default=600,
    low=1,
    about="Requests without a key an address may make per minute: schema, docs, feeds, JSON of published checks.",
)
API_FAILED_KEYS = env.integer(
    "API_FAILED_KEYS", default=60, low=1, about="Keys that do not hold an address may send per minute."
)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["claims.api.permissions.MayRead"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claims.api.parsers.JSONBody"],
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["claims.api.filters.Narrowing"],
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.Schema",
    "EXCEPTION_HANDLER": "claims.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.throttles.PerKeyAndNewsroom"],
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FIELD_NAME": None,  # `url` in an answer is somebody else's address, never the `Location` of what was made
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": (
        "Claims in, evidence kept, verdicts out.\n\n"
        "A newsroom's admin makes keys in the desk, under *Keys*; send yours as `Authorization: Bearer fck_…` "
        "(here: *Authorize*). Begin with `POST articles/` or `POST claims/`; what waits is at `GET claims/`, what "
        "happened at `GET events/`. Every refusal has one shape: `type`, and `errors` with `code`, `detail` and, in "
        "`attr`, the field."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "filter": True, "docExpansion": "none"},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "StepState": "claims.models.step.Step.State",
        "PublicationState": "claims.models.publication.Publication.State",
        "ClaimKind": "claims.models.claim.Claim.Kind",
        "CorrectionKind": "claims.models.publication.Correction.Kind",
        "Stance": "claims.models.evidence.Evidence.Stance",
        "ClaimStatus": "claims.workflow.Status",
        "ComplaintOutcome": "claims.models.complaint.Complaint.Outcome",
        "ComplaintDoor": "claims.models.complaint.Complaint.Door",
        "ComplaintState": "claims.api.serializers.complaints.STATES",
        "Door": "claims.models.article.Door",
        "LookupOutcome": "claims.models.evidence.Lookup.Outcome",
        "RecheckOutcome": "claims.models.publication.Recheck.Outcome",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.add_error_shapes",
        "claims.api.links.add_links",
        "claims.api.examples.add_examples",
    ],
}
KNOX_TOKEN_MODEL = "claims.ApiKey"  # noqa: S105 a model, no secret
MIGRATION_MODULES = {"knox": None}  # its migrations would make the table of the model we replaced
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "fck_"}
