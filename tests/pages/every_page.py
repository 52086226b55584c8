"""The pages there are, with who may open them: what is true of every page is tested over these."""

from dataclasses import dataclass

from django.test import Client

from tests.pages.applications import OPENED, STATES, SUBMITTED
from tests.pages.market import Market

AT_THE_DESK = "/admin-desk/applications/"
MINE = tuple(key for key in STATES if key != OPENED)


@dataclass(frozen=True)
class Page:
    """An address and the person who opens it; nobody for the pages before signing in."""

    name: str
    path: str
    who: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name

    def client(self, market: Market) -> Client:
        """The browser of that person."""
        return market.client(self.who) if self.who else Client()


PAGES = (
    Page("sign-in", "/sign-in/"),
    Page("shops of an admin", "/", "dora"),
    Page("shops of ops", "/", "bob"),
    Page("shops that match nothing", "/?q=zzz", "dora"),
    Page("no shop", "/", "erin"),
    Page("overview of an owner", "/s/plum/", "alice"),
    Page("overview of ops", "/s/plum/", "bob"),
    Page("overview with too few orders", "/s/twig/", "bob"),
    Page("overview never scored", "/s/class/", "dora"),
    Page("overview of a new shop", "/s/empty/", "charlie"),
    Page("overview of a late score", "/s/late/", "dora"),
    Page("score of an owner", "/s/plum/score/", "alice"),
    Page("score of ops", "/s/plum/score/", "bob"),
    Page("score of an admin", "/s/plum/score/", "dora"),
    Page("trend of a metric", "/s/plum/score/?trend=reply_3min_rate", "alice"),
    Page("too few orders", "/s/twig/score/", "bob"),
    Page("never scored", "/s/class/score/", "dora"),
    Page("estimate", "/s/lone/score/", "dora"),
    Page("late score", "/s/late/score/", "dora"),
    Page("metric of an owner", "/s/plum/score/metrics/reply_3min_rate/", "alice"),
    Page("metric of ops", "/s/plum/score/metrics/pay_to_sign_hours/?show=counted", "bob"),
    Page("metric without a score", "/s/twig/score/metrics/dispute_rate/", "bob"),
    Page("metric of an estimate", "/s/lone/score/metrics/product_rating/", "dora"),
    Page("earlier score", "/s/plum/score/?date=2024-02-29", "alice"),
    Page("explanation of an owner", "/s/plum/score/explain/", "alice"),
    Page("explanation of a first day", "/s/plum/score/explain/?date=2024-02-27", "alice"),
    Page("explanation with too few orders", "/s/twig/score/explain/", "bob"),
    Page("what if of an owner", "/s/plum/score/what-if/?reply_3min_rate=90", "alice"),
    Page("what if with too few orders", "/s/twig/score/what-if/", "bob"),
    Page("recovery of an owner", "/s/plum/score/recovery/", "alice"),
    Page("recovery with too few orders", "/s/twig/score/recovery/", "bob"),
    Page("receipt of an owner", "/s/plum/score/receipt/", "alice"),
    Page("receipt with too few orders", "/s/twig/score/receipt/", "bob"),
    Page("receipt never scored", "/s/class/score/receipt/", "dora"),
    Page("rules of an owner", "/s/plum/score/rules/", "alice"),
    Page("rules of an admin", "/s/plum/score/rules/?other=shop-score", "dora"),
    Page("rules with too few orders", "/s/twig/score/rules/", "bob"),
    Page("worth of an owner", "/s/plum/insurance/worth/", "alice"),
    Page("worth of products of ops", "/s/plum/insurance/worth/products/", "bob"),
    Page("planned promotion of ops", "/s/plum/insurance/worth/plan/?orders=0", "bob"),
    Page("trials of ops", "/s/plum/insurance/worth/trials/", "bob"),
    Page("model check of an owner", "/s/plum/insurance/check/", "alice"),
    Page("fee model of all shops", "/admin-desk/model/", "dora"),
    Page("cases to work on", "/s/lone/aftersales/", "dora"),
    Page("findings", "/s/lone/diagnostics/", "dora"),
    Page("one finding", "/s/lone/diagnostics/findings/1/", "dora"),
    Page("search of ops", "/s/plum/search/", "bob"),
    Page("search that finds orders", "/s/lone/search/?q=20000", "dora"),
    Page("search that finds nothing", "/s/plum/search/?q=999999", "alice"),
    Page("returns day by day", "/s/plum/diagnostics/daily/", "alice"),
    Page("returns day by day by application", "/s/plum/diagnostics/daily/?basis=applied", "bob"),
    Page("cuts of returns", "/s/plum/diagnostics/cuts/?show=shares", "alice"),
    Page("cut by application", "/s/plum/diagnostics/cuts/?cut=hour&basis=applied", "bob"),
    Page("goods that come back", "/s/plum/diagnostics/product/", "alice"),
    Page("one product", "/s/plum/diagnostics/product/?product=101001", "bob"),
    Page("rows behind a number", "/s/plum/diagnostics/rows/?by=hour&value=3", "alice"),
    Page("one fix", "/s/plum/diagnostics/fixes/900001/", "alice"),
    Page("fixes", "/s/plum/diagnostics/fixes/", "alice"),
    Page("no fixes", "/s/twig/diagnostics/fixes/", "bob"),
    Page("what returns cost", "/s/plum/diagnostics/money/?basis=paid", "alice"),
    Page("late parcels to write about", "/s/plum/diagnostics/prevention/", "bob"),
    Page("buyers to win back", "/s/plum/diagnostics/prevention/?show=back", "alice"),
    Page("week of returns", "/s/plum/diagnostics/week/", "alice"),
    Page("returns never counted", "/s/twig/diagnostics/daily/", "bob"),
    Page("service of an owner", "/s/plum/service/", "alice"),
    Page("service of an admin", "/s/plum/service/", "dora"),
    Page("service mode of an owner", "/s/plum/service/mode/", "alice"),
    Page("service mode of ops", "/s/plum/service/mode/", "bob"),
    Page("quality samples of ops", "/s/plum/service/samples/", "bob"),
    Page("violations of an owner", "/s/plum/conduct/", "alice"),
    Page("rota of ops", "/s/plum/service/rota/", "bob"),
    Page("imports of an owner", "/s/plum/imports/", "alice"),
    Page("imports of an admin", "/s/plum/imports/", "dora"),
    Page("settings of an owner", "/s/plum/settings/", "alice"),
    Page("settings of an admin", "/s/plum/settings/", "dora"),
    Page("onboarding", "/onboarding/", "erin"),
    Page("onboarding of nobody's", "/onboarding/", "bob"),
    Page("onboarding of an opened shop", "/onboarding/", "charlie"),
    *(Page(f"application {STATES[key]}", f"/onboarding/{key}/", "erin") for key in MINE),
    Page("application opened", f"/onboarding/{OPENED}/", "charlie"),
    Page("application read by an admin", f"/onboarding/{SUBMITTED}/", "dora"),
    *(
        Page(f"application {STATES[key]} at the desk", f"{AT_THE_DESK}{key}/", "dora")
        for key in STATES
    ),
    Page("applications", "/admin-desk/applications/", "dora"),
    Page("applications without a match", "/admin-desk/applications/?q=zzz", "dora"),
    Page("shops at the desk", "/admin-desk/shops/", "dora"),
    Page("people at the desk", "/admin-desk/people/", "dora"),
    Page("password", "/account/password/", "alice"),
    Page("password changed", "/account/password/done/", "alice"),
    Page("api tokens", "/account/tokens/", "alice"),
    Page("api documentation", "/api/docs/", "alice"),
    Page("how I am told", "/account/notifications/", "alice"),
    Page("how an admin is told", "/account/notifications/", "dora"),
    Page("an address to confirm", "/account/notifications/email/proof/?t=x", "alice"),
    Page("runs", "/admin-desk/runs/", "dora"),
    Page("audit log", "/admin-desk/audit/", "dora"),
    Page("audit log without a match", "/admin-desk/audit/?actor=zzz&since=2024-02-01", "dora"),
    Page("notifications", "/notifications/", "alice"),
    Page("no such page", "/nothing/", "alice", 404),
    Page("foreign shop", "/s/lone/score/", "alice", 404),
)
