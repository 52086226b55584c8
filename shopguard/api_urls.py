"""The API: version 1 of every app's resources, their description and the page about them."""

from django.urls import include, path

from shopguard import api_docs

v1 = [
    path("", include("servicescore.api.urls")),
    path("", include("stores.api.urls")),
    path("", include("aftersales.api.urls")),
    path("", include("freightins.api.urls")),
]

app_name = "api"
urlpatterns = [
    path("v1/", include(v1)),
    path("schema", api_docs.SchemaView.as_view(), name="schema"),
    path("docs/", api_docs.docs, name="docs"),
]
