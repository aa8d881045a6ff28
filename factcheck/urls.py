from django.contrib import admin
from django.urls import include, path

from factcheck import health, metrics

handler500 = "factcheck.health.broken"

urlpatterns = [
    path("healthz/", health.live),
    path("readyz/", health.ready),
    path("metrics", metrics.metrics),
    path("admin/", admin.site.urls),
    path("api/v1/", include("claims.api.urls")),
    path("", include("claims.public.urls")),
]
