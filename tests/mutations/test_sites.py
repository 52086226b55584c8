"""`make mutations` finds the scopes, and a mutant is the same code without one of them."""

import ast

from tests.mutations.alike import ALIKE
from tests.mutations.sites import Wish, changed, files_with_scopes, sites, sites_of

PEOPLE = "stores/selectors/people.py"


def text_without(key: str) -> str:
    return ast.unparse(changed(key.split("::")[0], Wish(remove=key))[0])


def test_every_query_that_starts_at_a_shop_is_a_scope() -> None:
    found = {site.file for site in sites() if site.what.endswith(".for_shop")}
    written = {
        file
        for file in files_with_scopes()
        for node in ast.walk(changed(file, Wish())[0])
        if isinstance(node, ast.Attribute) and node.attr == "for_shop"
    }
    assert written == found


def test_each_scope_has_a_name_of_its_own_and_can_be_taken_away() -> None:
    found = sites()
    assert len(found) > 100
    assert len({site.key for site in found}) == len(found)
    for site in found:
        plain = ast.unparse(changed(site.file, Wish())[0])
        mutant = text_without(site.key)
        assert mutant != plain, site
        assert ast.parse(mutant)


def test_scopes_that_are_not_played_are_there_and_say_why() -> None:
    assert ALIKE.keys() <= {site.key for site in sites()}
    assert all(ALIKE.values())


def test_the_shops_of_everybody_are_left_without_the_person() -> None:
    (site,) = [
        site for site in sites_of(PEOPLE) if site.what == "shops.filter(memberships__user=user)"
    ]
    assert "shops.filter(memberships__user=user)" not in text_without(site.key)
    assert not site.at_import


def test_a_scope_that_works_when_called_asks_each_time() -> None:
    text = ast.unparse(changed(PEOPLE, Wish(ask="gone", tell="told"))[0])
    for site in sites_of(PEOPLE):
        assert f"gone({site.key!r})" in text
    assert text.count("told(") == text.count("def ")
