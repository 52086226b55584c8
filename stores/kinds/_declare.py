"""What an import kind declares. The engine in ``stores.services.imports`` does the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Model
from numpy.typing import NDArray

from stores.calc.cells import Cell, Id, Values, known

Mask = NDArray[np.bool_]
Columns = dict[str, Values]

SHOP_COLUMN = "shop_id"


@dataclass(frozen=True)
class Column:
    """A column of a file and the field it fills.

    ``required``: a row that creates a record must have it. ``default``: stored when a record is
    created without it. ``may_be_future``: promised and deadline times. ``personal``: hashed with
    the shop's key while the file is read. ``open_values``: what a shop's own people may set; every
    other value is for admins and the command line (None: no such limit). ``may_be_empty``: a part
    of the identity for which nothing is a value too.
    """

    name: str
    cell: Cell
    field: str = ""
    required: bool = False
    default: Any = None
    may_be_future: bool = False
    personal: bool = False
    open_values: frozenset[str] | None = None
    fixed: bool = False
    may_be_empty: bool = False

    @property
    def target(self) -> str:
        """Name of the model field."""
        return self.field or self.name


@dataclass(frozen=True)
class Rule:
    """A rule over several columns of the row merged with what is stored.

    ``broken`` gets the identity and the merged columns by field name and returns which rows break
    it. ``column`` is the one named to the user; ``severity`` error rejects the row, warning keeps
    it.
    """

    code: str
    column: str
    severity: str
    broken: Callable[[Columns], Mask]


@dataclass(frozen=True)
class Target:
    """A model that rows of a file create and update.

    ``keys`` maps identity fields (beside the shop) to columns. ``own_days`` are time fields whose
    day a change touches, ``order_days`` those of the order named by ``order_ref``. ``derive`` adds
    fields worked out from the merged ones. ``scoped`` is False for the shop itself.
    """

    model: type[Model]
    keys: Mapping[str, str]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    own_days: tuple[str, ...] = ()
    order_days: tuple[str, ...] = ()
    derive: Callable[[Columns], Columns] | None = None
    derived: tuple[str, ...] = ()
    scoped: bool = True


@dataclass(frozen=True)
class Change:
    """What a chunk did to the records of one target, one element per record.

    ``shops`` are shop keys; ``before`` and ``after`` hold every field by name (``before`` of a
    record that was created is all unknown); ``touched`` tells created and changed records.
    """

    target: Target
    shops: Values
    keys: Columns
    before: Columns
    after: Columns
    created: Mask
    touched: Mask
    as_of: datetime
    now: datetime
    user_id: int | None = None

    def field_of_touched(self, name: str) -> list[Any]:
        """A field after the change, of the created and changed records only."""
        values: list[Any] = self.after[name][self.touched].tolist()
        return values


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    ``record`` is what a row identifies. ``head`` is a record several rows share, read from the
    first of them (an order and its lines). ``counted`` is an identity column that may be absent;
    rows are then numbered within their head in file order. ``of_shops`` is False where rows name
    no shop. ``follow_ups`` run in the transaction of the chunk once its records are written.
    """

    name: str
    label_zh: str
    label_en: str
    identity: tuple[Column, ...]
    record: Target
    head: Target | None = None
    counted: str = ""
    admin_only: bool = False
    of_shops: bool = True
    follow_ups: tuple[Callable[[Change], None], ...] = field(default=())

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column of the canonical file by name, the shop first."""
        shop = Column(SHOP_COLUMN, Id(max_length=64))
        head = self.head.columns if self.head else ()
        shops = (shop,) if self.of_shops else ()
        found = (*shops, *self.identity, *head, *self.record.columns)
        return {column.name: column for column in found}

    @property
    def targets(self) -> tuple[Target, ...]:
        """The head, where there is one, then the record."""
        return (self.head, self.record) if self.head else (self.record,)

    @property
    def required_headers(self) -> tuple[str, ...]:
        """The identity columns a file of this kind cannot do without."""
        required = (column.name for column in self.identity if not column.may_be_empty)
        names = (*((SHOP_COLUMN,) if self.of_shops else ()), *required)
        return tuple(name for name in names if name != self.counted)


def earlier(first: str, second: str) -> Callable[[Columns], Mask]:
    """Which rows have ``first`` before ``second``, where both are known."""

    def broken(row: Columns) -> Mask:
        both = known(row[first]) & known(row[second])
        return np.asarray(both & (row[first] < row[second]), dtype=np.bool_)

    return broken
