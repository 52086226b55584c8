"""Nobody reads or changes what belongs to another shop: every address, every method, every role.

The addresses come from the resolver, the rows from the models and the parameters from watching
the pages, so a new page, record or filter is covered without a line here. A denial counts only
because the rightful person gets in by the same address.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.urls import resolve, reverse

from aftersales.models import Fix
from shopguard.lib.api.problems import answers_problems
from stores.access import Audience
from stores.models import Membership, Shop
from tests.access.parameters import names_looked_at
from tests.access.routes import Route, routes_for
from tests.access.world import (
    EVERYBODY,
    MARK_A,
    MARK_B,
    METHODS,
    RECORD_NAMES,
    UNSAFE,
    World,
    differences,
    fingerprint,
    fingerprint_of,
    shop_models,
    way_to_shop,
)
from tests.factories import fill

pytestmark = pytest.mark.django_db

FOREIGN_MARKS = {
    "anonymous": (MARK_A, MARK_B), "alice": (MARK_B,), "bob": (MARK_B,), "charlie": (MARK_A,),
    "dora": (),
}  # fmt: skip
SHOP_ROUTES = routes_for(Audience.SHOP)
RECORD_ROUTES = [route for route in SHOP_ROUTES if RECORD_NAMES & set(route.parameters)]
PEOPLE_ROUTES = routes_for(Audience.SIGNED_IN)
ADMIN_ROUTES = routes_for(Audience.ADMIN)
OPEN_ROUTES = routes_for(Audience.PUBLIC)


def ask(world: World, who: str, method: str, path: str, body: str = "") -> HttpResponse:
    form = "application/x-www-form-urlencoded"
    return world.client(who).generic(method, path, body, form)  # type: ignore[return-value]


def is_refusal(response: HttpResponse, who: str, path: str) -> bool:
    """404 for people; for nobody the sign-in page, or 401 for a program."""
    if who != "anonymous":
        return response.status_code == 404
    if answers_problems(path):
        return response.status_code == 401
    return response.status_code == 302 and response["Location"].startswith(reverse("sign_in"))


def says(response: HttpResponse, mark: str) -> bool:
    """Whether the mark of a tenant is in the body or a header, the address asked for aside."""
    path = response.wsgi_request.get_full_path()  # type: ignore[attr-defined]
    text = body_of(response) + repr(dict(response.headers))
    return mark in text.replace(path, "").replace(path.replace("/", "%2F"), "")


def body_of(response: HttpResponse) -> str:
    """The text of an answer, of a streamed one too."""
    return response.getvalue().decode("utf-8", "replace")


def assert_refused(world: World, who: str, path: str) -> None:
    for method in METHODS:
        response = ask(world, who, method, path)
        told = f"{who} {method} {path} {response.status_code}"
        assert is_refusal(response, who, path), told
        assert not any(says(response, mark) for mark in FOREIGN_MARKS[who]), told


def test_every_tenant_has_rows_of_every_model_that_belongs_to_a_shop(world: World) -> None:
    for shops in world.shops.values():
        rows = fingerprint_of(shops)
        assert [label for label, found in rows.items() if not found] == []
        assert rows.keys() == {model._meta.label for model in shop_models()}
    assert all(way_to_shop(model) for model in shop_models())


def test_fingerprints_see_a_changed_letter_a_new_row_and_no_more(world: World) -> None:
    whole, mine, foreign = fingerprint(), *(fingerprint_of(world.shops[key]) for key in "ab")
    shop = world.shops["b"][1]
    Shop.objects.filter(pk=shop.pk).update(name=f"{shop.name}.")
    assert differences(foreign, fingerprint_of(world.shops["b"])) == ["stores.Shop"]
    fill(Fix, MARK_B, shop=shop)
    both = ["aftersales.Fix", "stores.Shop"]
    assert sorted(differences(foreign, fingerprint_of(world.shops["b"]))) == both
    assert differences(mine, fingerprint_of(world.shops["a"])) == []
    assert sorted(differences(whole, fingerprint())) == ["aftersales_fix", "stores_shop"]


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
def test_a_foreign_shop_does_not_exist(world: World, route: Route) -> None:
    path = world.path(route, "b")
    before = fingerprint()
    for who in ("anonymous", "alice", "bob"):
        assert_refused(world, who, path)
    assert differences(before, fingerprint()) == []


@pytest.mark.parametrize("route", RECORD_ROUTES, ids=str)
def test_a_foreign_record_does_not_exist_in_ones_own_shop(world: World, route: Route) -> None:
    assert route.policy is not None
    path = world.path(route, "b", shop_of="a")
    before = fingerprint_of(world.shops["b"])
    for method in sorted(route.policy.methods):
        response = ask(world, "alice", method, path, "version=0")
        told = f"{method} {path} {response.status_code}"
        assert response.status_code == 404 or method in UNSAFE, told
        assert response.status_code < 500, told
        assert not says(response, MARK_B), told
    assert differences(before, fingerprint_of(world.shops["b"])) == []


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["charlie", "dora"])
def test_the_rightful_person_gets_in_by_the_same_address(
    world: World, who: str, route: Route
) -> None:
    assert route.policy is not None
    path = world.path(route, "b")
    for method in METHODS:
        response = ask(world, who, method, path)
        expected = method in route.policy.methods
        told = f"{method} {path} {response.status_code}"
        assert response.status_code not in (401, 403, 404), told
        assert (response.status_code != 405) == expected, told
        assert response.status_code < 500, told


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
def test_bob_enters_his_shops_where_his_role_reaches(world: World, route: Route) -> None:
    assert route.policy is not None
    method = sorted(route.policy.methods)[0]
    status = ask(world, "bob", method, world.path(route, "a")).status_code
    assert (status != 403) == ("ops" in route.policy.roles)
    assert status not in (401, 404)


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
def test_a_page_of_a_shop_shows_the_own_shop(world: World, route: Route) -> None:
    response = world.client("charlie").get(world.path(route, "b"), follow=True)
    assert response.status_code in (200, 405)
    assert response.status_code == 405 or says(response, MARK_B)


@pytest.mark.parametrize("route", SHOP_ROUTES + PEOPLE_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_no_page_of_ones_own_tells_of_another_tenant(world: World, who: str, route: Route) -> None:
    path = world.path(route, "a")
    before = fingerprint_of(world.shops["b"])
    for query in nosy_queries(world, parameters_of(world, who, path)):
        for method, there, body in (
            ("GET", f"{path}?{query}", ""),
            ("POST", path, query),
            ("PATCH", path, query),
        ):
            response = ask(world, who, method, there, body)
            told = f"{method} {there} {body} {response.status_code}"
            assert response.status_code < 500, told
            assert not says_unasked(response), told
    assert differences(before, fingerprint_of(world.shops["b"])) == []


def parameters_of(world: World, who: str, path: str) -> set[str]:
    """The names of filters and fields behind an address."""
    with names_looked_at() as names:
        for method in ("GET", "POST"):
            ask(world, who, method, f"{path}?any=1", "any=1")
    # The API looks at nothing when it is asked for what it does not know, and says what it knows.
    resource = getattr(resolve(path).func, "cls", None)
    return names | (set(resource.query_names()) if resource else set())


def nosy_queries(world: World, names: set[str]) -> Iterator[str]:
    """Queries that name the other tenant: by each parameter alone, then by all at once."""
    shop = world.shops["b"][0]
    every = sorted(names | {"shop", "shop_id", "q", "search", "ordering", "industry"})
    for value in (shop.external_id, str(shop.pk), MARK_B):
        yield urlencode(dict.fromkeys(every, value))
    for name in sorted(names):
        yield urlencode({name: shop.external_id})
        yield urlencode({name: shop.pk, "page_size": 10_000, "ordering": "-id"})


def says_unasked(response: HttpResponse) -> bool:
    """Whether an answer tells more of tenant B than the two marks a query brought along."""
    return re.search(rf"{MARK_B}-(\d+|shop-2|industry)", body_of(response)) is not None


def test_the_walk_sees_the_filters_of_the_list_of_shops(world: World) -> None:
    found = parameters_of(world, "alice", reverse("home"))
    assert {"q", "industry", "stars", "sort", "page"} <= found


@pytest.mark.parametrize("route", PEOPLE_ROUTES, ids=str)
def test_pages_above_the_shops_send_anonymous_people_to_the_sign_in(
    world: World, route: Route
) -> None:
    assert_refused(world, "anonymous", world.path(route, "a"))


@pytest.mark.parametrize("route", PEOPLE_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "dora"])
def test_pages_above_the_shops_are_for_everybody_signed_in(
    world: World, who: str, route: Route
) -> None:
    assert route.policy is not None
    method = sorted(route.policy.methods)[0]
    status = ask(world, who, method, world.path(route, "a")).status_code
    assert status not in (401, 403, 405)
    assert status != 404 or route.parameters, "only something of one's own may be missing"
    assert status < 500


def test_the_list_of_shops_shows_the_own_ones_and_no_other(world: World) -> None:
    for who, mine, others in (("alice", MARK_A, MARK_B), ("charlie", MARK_B, MARK_A)):
        response = world.client(who).get(reverse("home"))
        assert says(response, mine)
        assert not says(response, others)
    everything = world.client("dora").get(reverse("home"))
    assert says(everything, MARK_A)
    assert says(everything, MARK_B)


def test_a_member_of_one_shop_sees_nothing_of_its_owners_other_shop(world: World) -> None:
    Membership.objects.filter(user=world.people["bob"], shop=world.shops["a"][1]).delete()
    kept, taken = (shop.external_id for shop in world.shops["a"])
    for route in SHOP_ROUTES + PEOPLE_ROUTES:
        path = world.path(route, "a")
        response = world.client("bob").get(path, follow=True)
        assert not says(response, taken), path
        if "shop" in route.parameters:
            refused = ask(world, "bob", "GET", path.replace(kept, taken))
            assert refused.status_code == 404, path


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=str)
def test_pages_of_admins_do_not_exist_for_others(world: World, route: Route) -> None:
    path = world.path(route, "b")
    before = fingerprint()
    for who in ("anonymous", "alice", "bob", "charlie"):
        assert_refused(world, who, path)
    assert differences(before, fingerprint()) == []


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=str)
def test_an_admin_reads_there_and_changes_nothing(world: World, route: Route) -> None:
    path = world.path(route, "b")
    before = fingerprint()
    assert route.policy is not None
    methods = route.policy.methods
    status = ask(world, "dora", "GET", path).status_code
    reads = (200, 302) if "GET" in methods else (405,)
    assert status in ((403, 404) if is_closed(route) else reads), f"{path} {status}"
    for method in UNSAFE:
        if method not in methods:
            assert ask(world, "dora", method, path).status_code == 405, f"{method} {path}"
    assert differences(before, fingerprint()) == []


def is_closed(route: Route) -> bool:
    """Addresses Django's admin would have and ours has not: its own doors, and single sessions."""
    doors = ("login", "logout", "password_change", "password_change_done")
    name = route.name.removeprefix("admin:")
    return name in doors or name in ("sessions_session_change", "sessions_session_history")


@pytest.mark.parametrize("route", OPEN_ROUTES, ids=str)
def test_public_pages_tell_of_no_tenant(world: World, route: Route) -> None:
    path = world.path(route, "a")
    for who in EVERYBODY:
        for method in METHODS:
            response = ask(world, who, method, path)
            assert response.status_code < 500
            assert not any(says(response, mark) for mark in FOREIGN_MARKS[who])


@pytest.mark.parametrize("route", SHOP_ROUTES + PEOPLE_ROUTES + OPEN_ROUTES, ids=str)
def test_reading_changes_nothing(world: World, route: Route) -> None:
    paths = {who: world.path(route, "b" if who == "charlie" else "a") for who in EVERYBODY}
    before = fingerprint()
    for who, path in paths.items():
        for method in ("GET", "HEAD", "OPTIONS"):
            ask(world, who, method, path)
    assert differences(before, fingerprint()) == []
