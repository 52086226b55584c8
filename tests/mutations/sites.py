"""Where a scope stands in the code, and the same code with that one scope taken away.

A scope is whatever keeps a person from rows or deeds that are not theirs: the shop or person a
query starts with, the comparison of shops in SQL, the role or audience a door asks for, a refusal
at the door.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, product_code

# Nobody's request runs through these.
NOT_ANSWERING = {"management", "demo", "launcher", "models"}
# Where an `if` turns somebody away.
DOORS = {"stores/access.py", "stores/api/door.py"}
REFUSALS = {
    "logout", "turned_away", "second_factor_asked", "not_allowed", "problem", "_enter_shop",
}  # fmt: skip
ROW_LIMITS = {
    "shop", "shop_id", "shop__in", "shop_id__in", "shop__external_id", "user",
    "memberships__user", "shop__memberships__user",
}  # fmt: skip
SAME_SHOP = re.compile(r"((?:\w+\.)?shop_id) = (%\(shop\)s|%s|ANY\(%s\)|(?:\w+\.)shop_id|s\.shop)")
MARKED = re.compile(r"/\*(scope\w+)\*/(.*?)/\*end\*/", re.DOTALL)
PEOPLE = "__import__('stores.access', fromlist=['signed_in']).signed_in"


@dataclass(frozen=True)
class Site:
    """One scope: its file, the function it stands in (empty outside of any), and its text.

    ``at_import`` says that it stands where the module is loaded: a decorator, a constant.
    """

    file: str
    within: str
    what: str
    number: int
    line: int
    at_import: bool

    @property
    def key(self) -> str:
        """The same as long as the function is; lines may move."""
        return f"{self.file}::{self.within}::{self.what}::{self.number}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


@dataclass(frozen=True)
class Wish:
    """What is to become of a file's scopes.

    ``remove`` is the key of one that goes for good. Where ``ask`` names a builtin, those inside a
    function ask it with their key whether they are gone at the moment; decorators give it both
    ways to choose from whenever a request comes. With ``mark``, SQL carries the place of each scope
    in comments, for it may be put together long before it is asked. Where ``tell`` names a builtin,
    every function tells it the file and its own name first.
    """

    remove: str = ""
    ask: str = ""
    tell: str = ""
    mark: bool = False


def files_with_scopes() -> list[str]:
    """The modules that are looked through, relative to the checkout."""
    return [
        str(file)
        for file in product_code()
        if not NOT_ANSWERING & set(file.parts[:-1]) and not file.name.startswith("demo_")
    ]


def sites() -> list[Site]:
    """Every scope of the product, in the order of its files."""
    return [site for file in files_with_scopes() for site in sites_of(file)]


def sites_of(file: str) -> list[Site]:
    """The scopes of one file."""
    return changed(file, Wish())[1]


def changed(file: str, wish: Wish) -> tuple[ast.Module, list[Site]]:
    """The file's syntax tree as wished, and the scopes it has."""
    change = _Change(file, wish)
    tree = change.visit(ast.parse((ROOT / file).read_text("utf-8"), file))
    return ast.fix_missing_locations(tree), change.found


def belongs(path: str) -> str:
    """The name of a file of the product relative to the checkout; empty for any other file."""
    try:
        file = Path(path).relative_to(ROOT)
    except ValueError:
        return ""
    return str(file) if file.parts[0] in PACKAGES else ""


class _Change(ast.NodeTransformer):
    def __init__(self, file: str, wish: Wish) -> None:
        self.file, self.wish = file, wish
        self.found: list[Site] = []
        self.inside: list[str] = []
        self.running = 0
        self.seen: Counter[tuple[str, str]] = Counter()

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Its name is part of the names inside."""
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Decorators work at import, the body when it is called."""
        self.inside.append(node.name)
        node.decorator_list = [self.visit(found) for found in node.decorator_list]
        self.running += 1
        node.body = [self.visit(found) for found in node.body]
        self.running -= 1
        if self.wish.tell:
            told = f"{self.wish.tell}({self.file!r}, {self._place()!r})"
            node.body.insert(0, ast.parse(told).body[0])
        self.inside.pop()
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """A piece of text in one may only become a value in braces."""
        self.generic_visit(node)
        node.values = [
            ast.FormattedValue(value, -1) if isinstance(value, ast.IfExp) else value
            for value in node.values
        ]
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Inner scopes first, then what this node itself keeps out."""
        named = [what for what, _ in opened(node, self.file)]
        super().generic_visit(node)
        result, keys = node, []
        for what, (_, open_node) in zip(named, opened(node, self.file), strict=True):
            site = self._site(what, node)
            keys.append(site.key)
            if site.key == self.wish.remove:
                result = open_node
            elif self.wish.ask and not isinstance(node, ast.Constant):
                result = self._switched(site, result, open_node)
        if self.wish.mark and keys and isinstance(node, ast.Constant):
            return ast.Constant(marked(str(node.value), keys))
        return result

    def _switched(self, site: Site, there: ast.AST, gone: ast.AST) -> ast.AST:
        if site.at_import or isinstance(there, ast.Name):
            return _choosing(f"{self.wish.ask}({site.key!r}, 0, 0)", gone, there)
        return _asking(f"{self.wish.ask}({site.key!r})", gone, there)

    def _place(self) -> str:
        return ".".join(self.inside)

    def _site(self, what: str, node: ast.AST) -> Site:
        within = self._place()
        self.seen[within, what] += 1
        number = self.seen[within, what]
        site = Site(self.file, within, what, number, node.lineno, not self.running)
        self.found.append(site)
        return site


def _asking(question: str, gone: ast.AST, there: ast.AST) -> ast.AST:
    """A node that is one or the other, by what the question answers each time."""
    asked = _expression(question)
    if isinstance(there, ast.If):
        return ast.If(ast.IfExp(asked, gone.test, there.test), there.body, there.orelse)
    if isinstance(there, ast.Return):
        return ast.Return(ast.IfExp(asked, gone.value, there.value))
    return ast.IfExp(asked, gone, there)


def _choosing(question: str, gone: ast.AST, there: ast.AST) -> ast.AST:
    """Both ways a decorator can be, for the one asked to choose between later."""
    chosen = _expression(question)
    chosen.args[1:] = [there, gone]  # type: ignore[attr-defined]
    return chosen


def marked(text: str, keys: list[str]) -> str:
    """SQL with comments round each comparison of shops, in the order of the keys."""
    names = iter(keys)
    return SAME_SHOP.sub(lambda found: f"/*{name_of(next(names))}*/{found[0]}/*end*/", text)


def unmarked(text: str, gone: Callable[[str], bool]) -> str:
    """The SQL to be run: without the comments, and open where the scope of that name is gone."""
    return MARKED.sub(lambda it: f"({it[2]} OR TRUE)" if gone(it[1]) else it[2], text)


@cache
def name_of(key: str) -> str:
    """A short name of a scope that can stand in any text."""
    return "scope" + hashlib.sha256(key.encode()).hexdigest()[:12]


def opened(node: ast.AST, file: str) -> Iterator[tuple[str, ast.AST]]:
    """What a node keeps out, and the node that does not."""
    if isinstance(node, ast.Call):
        yield from _opened_call(node)
    elif isinstance(node, ast.Name) and node.id == "admin_page" and file != "stores/access.py":
        yield "admin_page", _expression(PEOPLE)
    elif isinstance(node, ast.Attribute) and node.attr == "is_admin":
        if isinstance(node.ctx, ast.Load):
            yield ast.unparse(node), ast.Constant(True)
    elif isinstance(node, ast.Compare) and _asks_role(node):
        yield ast.unparse(node), ast.Constant(True)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _opened_sql(node.value)
    elif isinstance(node, ast.If) and file in DOORS and _refuses(node):
        yield f"if {ast.unparse(node.test)}", _never(node)
    elif isinstance(node, ast.Return) and file in DOORS and _is_answer(node):
        yield ast.unparse(node), ast.Return(ast.Constant(True))


def _opened_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name == "for_shop" and isinstance(node.func, ast.Attribute):
        every = ast.Attribute(node.func.value, "all", ast.Load())
        yield f"{_end(node.func.value)}.for_shop", ast.Call(every, [], [])
    if name in ("filter", "get") or (isinstance(node.func, ast.Name) and node.func.id == "Q"):
        yield from _without_keywords(node, ROW_LIMITS)
    if isinstance(node.func, ast.Name) and node.func.id in ("shop_page", "partial"):
        yield from _without_keywords(node, {"roles"})


def _without_keywords(node: ast.Call, names: set[str]) -> Iterator[tuple[str, ast.AST]]:
    for keyword in node.keywords:
        if keyword.arg in names:
            others = [other for other in node.keywords if other is not keyword]
            what = f"{_end(node.func)}({keyword.arg}={ast.unparse(keyword.value)})"
            yield what, ast.Call(node.func, node.args, others)


def _opened_sql(text: str) -> Iterator[tuple[str, ast.AST]]:
    for found in SAME_SHOP.finditer(text):
        open_text = f"{text[: found.start()]}({found[0]} OR TRUE){text[found.end() :]}"
        yield found[0], ast.Constant(open_text)


def _asks_role(node: ast.Compare) -> bool:
    asked = node.left
    is_role = isinstance(asked, ast.Attribute) and asked.attr == "role"
    return is_role and isinstance(node.ops[0], ast.In)


def _is_answer(node: ast.Return) -> bool:
    """Whether a permission says yes or no here."""
    return isinstance(node.value, ast.BoolOp) and "SAFE_METHODS" in ast.unparse(node.value)


def _refuses(node: ast.If) -> bool:
    inner = [found for line in node.body for found in ast.walk(line)]
    called = {
        found.func.id
        for found in inner
        if isinstance(found, ast.Call) and isinstance(found.func, ast.Name)
    }
    is_wording = isinstance(node.test, ast.Call) or "HX-Request" in ast.unparse(node.test)
    return not is_wording and (
        bool(called & REFUSALS) or any(isinstance(found, ast.Raise) for found in inner)
    )


def _never(node: ast.If) -> ast.If:
    return ast.If(ast.Constant(False), node.body, node.orelse)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _end(node: ast.expr) -> str:
    """The end of a long chain of calls says enough."""
    return ast.unparse(node).split("(")[0]
