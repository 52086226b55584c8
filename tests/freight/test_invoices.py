"""An invoice is asked for once a month and goes its way step by step."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from freightins.calc.invoices import STEPS, tax_number_of
from freightins.models import Cover, InvoiceRequest, Reconciled
from freightins.selectors.invoices import invoice_months
from freightins.services.invoices import InvoiceRefusedError, invoice_request, invoice_step
from stores.models import AuditEntry, Shop, User
from tests.conftest import SignedIn

NOW = datetime(2024, 4, 10, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MARCH, FEBRUARY, APRIL = date(2024, 3, 1), date(2024, 2, 1), date(2024, 4, 1)
TAX = "91330106MA2DEMO001"
PAGE = "/s/plum/insurance/statement/invoices/"
API = "/api/v1/shops/plum/insurance/invoices/"


def cover(shop: Shop, order: str, when: datetime, fee: int = 170) -> None:
    Cover.objects.create(
        shop=shop, order_ref=order, placed_at=when, from_at=when, to_at=when + 90 * DAY, fee=fee
    )


@pytest.fixture
def fees(shop: Shop) -> Shop:
    """Fees of February by our own figures, of March as stated, and of the month under way."""
    cover(shop, "order-1", datetime(2024, 2, 10, tzinfo=UTC))
    # The last second of February in Shanghai, and the first of March.
    cover(shop, "order-2", datetime(2024, 2, 29, 15, 59, 59, tzinfo=UTC))
    cover(shop, "order-3", datetime(2024, 2, 29, 16, 0, tzinfo=UTC))
    cover(shop, "order-4", datetime(2024, 4, 2, tzinfo=UTC))
    Reconciled.objects.create(
        shop=shop, side="fee", order_ref="order-3", status="different", expected=170, stated=180,
        lines=1, at=datetime(2024, 2, 29, 16, 0, tzinfo=UTC), changed_at=NOW,
    )  # fmt: skip
    return shop


def asked(shop: Shop, actor: User, month: date = MARCH, **fields: str) -> InvoiceRequest:
    given = {"title": "Plum Ltd", "tax_number": TAX} | fields
    return invoice_request(actor=actor, shop=shop, month=month, now=NOW, **given)[0]


def test_whole_months_have_fees_as_stated_else_as_covered(fees: Shop) -> None:
    months = [
        (one.month, one.amount, one.is_estimated) for one in invoice_months(shop=fees, now=NOW)
    ]
    assert months == [(MARCH, 180, False), (FEBRUARY, 340, True)]


def test_a_month_is_asked_for_once(fees: Shop, alice: User) -> None:
    first = asked(fees, alice)
    assert asked(fees, alice, title="Other Ltd").pk == first.pk
    assert (first.amount, first.is_estimated, first.title) == (180, False, "Plum Ltd")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["invoice.request"]


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_a_month_whose_request_came_to_nothing_is_asked_for_again(
    fees: Shop, alice: User, end: str
) -> None:
    first = asked(fees, alice)
    invoice_step(actor=alice, shop=fees, key=first.pk, version=1, to="submitted")
    invoice_step(actor=alice, shop=fees, key=first.pk, version=2, to=end, note="why")
    assert asked(fees, alice).pk != first.pk


@pytest.mark.parametrize(
    ("month", "fields", "reason"),
    [
        (APRIL, {}, "no_fees"),
        (date(2023, 12, 1), {}, "no_fees"),
        (MARCH, {"title": " "}, "no_title"),
        (MARCH, {"tax_number": "123"}, "bad_tax_number"),
    ],
)
def test_what_cannot_be_asked_for_says_why(
    fees: Shop, alice: User, month: date, fields: dict[str, str], reason: str
) -> None:
    with pytest.raises(InvoiceRefusedError) as refusal:
        asked(fees, alice, month, **fields)
    assert refusal.value.reason == reason


@pytest.mark.parametrize("start", list(STEPS))
@pytest.mark.parametrize("to", list(STEPS))
def test_a_request_takes_only_the_steps_of_its_state(
    fees: Shop, alice: User, start: str, to: str
) -> None:
    row = asked(fees, alice)
    InvoiceRequest.objects.update(state=start)

    def step() -> bool:
        return invoice_step(
            actor=alice, shop=fees, key=row.pk, version=1, to=to, number="N1", note="why"
        )

    if start == to:
        assert not step()
    elif to in STEPS[start]:
        assert step()
        assert InvoiceRequest.objects.get().state == to
        assert not step()
    else:
        with pytest.raises(InvoiceRefusedError):
            step()
        assert InvoiceRequest.objects.get().state == start


@pytest.mark.parametrize(("to", "reason"), [("issued", "no_number"), ("refused", "no_note")])
def test_an_end_tells_what_it_ended_with(fees: Shop, alice: User, to: str, reason: str) -> None:
    row = asked(fees, alice)
    InvoiceRequest.objects.update(state="submitted")
    with pytest.raises(InvoiceRefusedError) as refusal:
        invoice_step(actor=alice, shop=fees, key=row.pk, version=1, to=to)
    assert refusal.value.reason == reason


def test_a_tax_number_is_read_with_blanks_and_small_letters() -> None:
    assert tax_number_of(" 91330106 ma2demo001 ") == TAX


def test_the_owner_asks_and_moves_without_a_script(
    fees: Shop, alice: User, bob: User, signed_in: SignedIn, time_machine: object
) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]
    owner, ops = signed_in(alice), signed_in(bob)
    form = {"month": "2024-03-01", "title": "<b>Plum</b>", "tax_number": TAX}
    assert ops.post(f"{PAGE}ask/", form).status_code == 403
    owner.post(f"{PAGE}ask/", form | {"month": "soon"})
    assert not InvoiceRequest.objects.exists()
    owner.post(f"{PAGE}ask/", form)
    row = InvoiceRequest.objects.get()
    owner.post(f"{PAGE}{row.pk}/", {"version": "1", "to": "submitted"})
    assert ops.post(f"{PAGE}{row.pk}/", {"version": "2", "to": "withdrawn"}).status_code == 403
    page = ops.get(PAGE).content.decode()
    assert "&lt;b&gt;Plum&lt;/b&gt;" in page
    assert "平台处理中" in page
    lines = b"".join(owner.get(f"{PAGE}invoices.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert f"2024-03,<b>Plum</b>,{TAX},1.8,0,平台处理中" in lines


def test_programs_of_the_owner_ask_and_move(
    fees: Shop, alice: User, bob: User, signed_in: SignedIn, time_machine: object
) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]

    def sent(client: Client, where: str, body: dict[str, object], key: str) -> object:
        return client.post(
            API + where, body, content_type="application/json", headers={"Idempotency-Key": key}
        )

    owner = signed_in(alice)
    body: dict[str, object] = {"month": "2024-03-01", "title": "Plum Ltd", "tax_number": TAX}
    assert sent(signed_in(bob), "ask/", body, "k0").status_code == 403  # type: ignore[attr-defined]
    told = sent(owner, "ask/", body, "k1").json()  # type: ignore[attr-defined]
    assert (told["state"], told["amount_fen"]) == ("requested", 180)
    step = {"id": told["id"], "version": 1, "to": "submitted"}
    assert sent(owner, "step/", step, "k2").json() == {"is_done": True}  # type: ignore[attr-defined]
    (row,) = owner.get(f"{API}?state=submitted").json()["results"]
    assert (row["version"], row["number"]) == (2, "")
    late = sent(owner, "ask/", body | {"month": "2024-04-01"}, "k3")
    assert late.status_code == 400  # type: ignore[attr-defined]
