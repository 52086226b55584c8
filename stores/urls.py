"""Addresses about people, and of the imports of a shop."""

from django.urls import path

from stores.views import (
    account,
    channels,
    conduct,
    imports,
    notifications,
    onboarding,
    second_factor,
    sign_in,
    tokens,
)

ONE = "onboarding/<int:application>/"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("s/<str:shop>/imports/", imports.imports, name="imports"),
    path("s/<str:shop>/imports/<int:upload>/", imports.import_one, name="import"),
    path("s/<str:shop>/imports/<int:upload>/begin/", imports.import_begin, name="import_begin"),
    path("s/<str:shop>/imports/<int:upload>/stop/", imports.import_stop, name="import_stop"),
    path("s/<str:shop>/imports/<int:upload>/drop/", imports.import_drop, name="import_drop"),
    path(
        "s/<str:shop>/imports/<int:upload>/rejected/<str:kind>/",
        imports.import_rejected,
        name="import_rejected",
    ),
    path("s/<str:shop>/conduct/", conduct.conduct, name="conduct"),
    path("s/<str:shop>/conduct/<int:violation>/", conduct.conduct_case, name="conduct_case"),
    path("s/<str:shop>/conduct/<int:violation>/appeal/", conduct.appeal_send, name="appeal_send"),
    path(
        "s/<str:shop>/conduct/appeals/<int:appeal>/papers/",
        conduct.appeal_papers,
        name="appeal_papers",
    ),
    path("s/<str:shop>/conduct/papers/<int:paper>/", conduct.appeal_paper, name="appeal_paper"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.notification_read, name="notification_read"),
    path("onboarding/", onboarding.onboarding, name="onboarding"),
    path(ONE, onboarding.application, name="application"),
    path(ONE + "send/", onboarding.application_send, name="application_send"),
    path(ONE + "back/", onboarding.application_back, name="application_back"),
    path(ONE + "open/", onboarding.application_open, name="application_open"),
    path(
        ONE + "papers/",
        onboarding.application_papers,
        name="application_papers",
    ),
    path(
        ONE + "papers/<int:sheet>/",
        onboarding.application_paper,
        name="application_paper",
    ),
    path(
        ONE + "papers/<int:sheet>/drop/",
        onboarding.application_paper_drop,
        name="application_paper_drop",
    ),
    path("account/notifications/", channels.channels, name="channels"),
    path("account/notifications/try/", channels.channels_try, name="channels_try"),
    path("account/notifications/webhook/", channels.webhook, name="webhook"),
    path("account/notifications/email/", channels.email, name="email"),
    path("account/notifications/email/proof/", channels.email_proof, name="email_proof"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/enrol/", second_factor.enrol, name="second_factor_enrol"),
    path("account/second-factor/codes/", second_factor.codes, name="second_factor_codes"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:token>/revoke/", tokens.token_end, name="token_revoke"),
    path("account/password/done/", account.password_change_done, name="password_change_done"),
]
