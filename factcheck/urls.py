from django.contrib import admin
from django.urls import include, path

from factcheck import health, metrics

handler400 = "factcheck.errorpages.rejected"
handler404 = "factcheck.errorpages.missing"
handler500 = "factcheck.errorpages.broken"

urlpatterns = [
    path("healthz/", health.live),
    path("readyz/", health.ready),
    path("metrics", metrics.metrics),
    path("admin/", admin.site.urls),
    path("api/v1/", include("claims.api.urls")),
    path("", include("claims.public.urls")),
]
