"""Every address of the product. Each view says who may enter: see ``stores.access``."""

from django.urls import URLPattern, URLResolver, include, path

from shopguard import demo_entrance, figures, home, preferences, probes, shop_settings
from shopguard.admin_site import build_site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("stores.urls")),
    path("language/", preferences.set_language, name="set_language"),
    path("theme/", preferences.set_theme, name="set_theme"),
    path("demo-sign-in/", demo_entrance.demo_sign_in, name="demo_sign_in"),
    path("admin-desk/", include("shopguard.desk.urls", namespace="desk")),
    path("s/<str:shop>/", home.shop_home, name="shop_home"),
    path("s/<str:shop>/settings/", shop_settings.settings, name="settings"),
    path("s/<str:shop>/settings/images/", shop_settings.settings_images, name="settings_images"),
    path(
        "s/<str:shop>/settings/images/<int:image>/",
        shop_settings.settings_image,
        name="settings_image",
    ),
    path(
        "s/<str:shop>/settings/images/<int:image>/drop/",
        shop_settings.settings_image_drop,
        name="settings_image_drop",
    ),
    path("s/<str:shop>/settings/people/", shop_settings.settings_people, name="settings_people"),
    path("s/<str:shop>/score/", include("servicescore.urls", namespace="servicescore")),
    path("s/<str:shop>/service/", include("servicescore.service_urls", namespace="service")),
    path("s/<str:shop>/", include("aftersales.page_urls")),
    path(
        "s/<str:shop>/diagnostics/",
        include("aftersales.diagnostics_urls", namespace="diagnostics"),
    ),
    path("s/<str:shop>/aftersales/", include("aftersales.urls", namespace="aftersales")),
    path("s/<str:shop>/insurance/", include("freightins.urls", namespace="freightins")),
    path("api/", include("shopguard.api_urls", namespace="api")),
    path("admin/", build_site().urls),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", figures.metrics, name="metrics"),
]

handler400 = "shopguard.errors.bad_request"
handler403 = "shopguard.errors.permission_denied"
handler404 = "shopguard.errors.page_not_found"
handler500 = "shopguard.errors.server_error"
