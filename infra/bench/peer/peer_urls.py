"""The peers' addresses."""

# mypy: ignore-errors
# Django is not among our own packages.

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("plain/", include("django.contrib.auth.urls")),
    path("allauth/", include("allauth.urls")),
    path("admin/", admin.site.urls),  # its templates dress Django's reset
]
