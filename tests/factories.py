"""Rows for tests: what a test does not care about is filled in, every field of it.

``make_<thing>`` builds the things tests are mostly about; :func:`fill` builds a row of any model
by looking at its fields, so that a new field or model is covered without a line here.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models

from stores.models import Membership, Order, Role, Shop, User

M = TypeVar("M", bound=models.Model)

START = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
PASSWORD = "plum-and-birch-42"
# Hashing is slow on purpose; one hash serves every test that does not change it.
PASSWORD_HASH = make_password(PASSWORD)

_numbers = count(1)


def make_user(username: str, **fields: Any) -> User:
    """A person with :data:`PASSWORD`."""
    defaults = {"email": f"{username}@example.com", "password": PASSWORD_HASH}
    return User.objects.create(username=username, **(defaults | fields))


def make_shop(external_id: str, **fields: Any) -> Shop:
    """A shop of the women's clothing industry."""
    defaults = {"name": external_id, "industry": "womens_clothing", "as_of": START}
    return Shop.objects.create(external_id=external_id, **(defaults | fields))


def make_member(user: User, shop: Shop, role: Role) -> User:
    """The user, now a member of the shop."""
    Membership.objects.create(user=user, shop=shop, role=role)
    return user


def make_order(shop: Shop, **fields: Any) -> Order:
    """A paid domestic order of the shop."""
    defaults = {
        "external_id": f"o{next(_numbers)}",
        "placed_at": START,
        "paid_at": START + timedelta(minutes=5),
        "as_of": START,
        "order_paid": 12_800,
    }
    return Order.objects.create(shop=shop, **(defaults | fields))


def fill(model: type[M], mark: str, **given: Any) -> M:
    """Save a row of ``model`` with every field filled; text holds ``mark`` and the field's name.

    Foreign keys are taken from ``given`` by name or built the same way. Fields with choices get
    their first choice.
    """
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in given or (field.primary_key and isinstance(field, models.AutoField)):
            continue
        values[field.name] = _value(field, mark, given)
    return model._default_manager.create(**(values | _known(model, given)))


def _known(model: type[models.Model], given: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in model._meta.concrete_fields}
    return {name: value for name, value in given.items() if name in names}


def _value(field: Any, mark: str, given: dict[str, Any]) -> Any:
    """A value of the field's own kind, different in every row."""
    number = next(_numbers)
    if field.is_relation:
        return fill(field.related_model, mark, **given)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, ArrayField):
        return [_value(field.base_field, mark, given)]
    if isinstance(field, models.CharField | models.TextField):
        return text_value(mark, field.name, number, field.max_length)
    if isinstance(field, models.BinaryField):
        return text_value(mark, field.name, number, field.max_length).encode()
    if isinstance(field, models.JSONField):
        return {"text": text_value(mark, field.name, number, None)}
    if isinstance(field, models.DateTimeField):
        return START + timedelta(seconds=number)
    if isinstance(field, models.DateField):
        return START.date() + timedelta(days=number % 300)
    return _number(field, number)


def _number(field: Any, number: int) -> Any:
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField):
        return number % 5 + 1
    if isinstance(field, models.IntegerField | models.FloatField):
        return number
    raise TypeError(f"{field.model.__name__}.{field.name} is of a kind fill() does not know yet")


def text_value(mark: str, name: str, number: int, max_length: int | None) -> str:
    """Text that holds ``mark``, tells its field and differs from row to row."""
    text = f"{mark}-{number}-{name}"
    if max_length is None or len(text) <= max_length:
        return text
    if max_length < len(mark):
        raise TypeError(f"{name} is too short for the mark {mark}")
    return f"{mark}{number}"[:max_length]


def at(day: date, clock: str = "10:00") -> datetime:
    """An instant of a day by the clock in Shanghai: ``at(day, "09:30")``."""
    hours, minutes = (int(part) for part in clock.split(":"))
    local = datetime.combine(day, time(hours, minutes), tzinfo=UTC)
    return local - timedelta(hours=8)
