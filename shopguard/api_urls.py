"""The API: version 1 of every app's resources, their description and the page about them."""

from django.urls import include, path

from shopguard import api_docs
from shopguard.desk import api as desk_api

v1 = [
    path("", include("servicescore.api.urls")),
    path("", include("stores.api.urls")),
    path("", include("aftersales.api.urls")),
    path("", include("freightins.api.urls")),
    path("runs/<int:run>/retry/", desk_api.RunRetry.as_view(), name="run_retry"),
    path("shards/<int:shard>/retry/", desk_api.ShardRetry.as_view(), name="shard_retry"),
]

app_name = "api"
urlpatterns = [
    path("v1/", include(v1)),
    path("schema", api_docs.SchemaView.as_view(), name="schema"),
    path("docs/", api_docs.docs, name="docs"),
]
