"""The page of findings: what they come to together, the strip, quotes, and what is to gain."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from aftersales.calc.keywords import excerpt
from aftersales.models import (
    AfterSaleCase,
    CaseEvent,
    FindingRow,
    FindingSet,
    Fix,
    FixEffect,
    ReturnLoyalty,
)
from aftersales.selectors.finding_quotes import finding_quotes
from aftersales.selectors.findings_together import together
from aftersales.selectors.fixes import FixStanding, fix_standing, fixes_page
from stores.models import Order, OrderLine, Review, Role, Run, Shop
from tests.conftest import DAY_ZERO, NOON_ZERO
from tests.factories import fill, make_member, make_shop, make_user
from tests.pages.returns import sums_only

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/s/plum/diagnostics/"
NASTY = "<script>x7</script>"


@pytest.fixture
def shop() -> Shop:
    return make_shop("plum", name="青梅")


@pytest.fixture
def found(shop: Shop) -> FindingSet:
    """600 lines of which 100 came back. Two findings share twenty of their returns."""
    run = fill(Run, "x", day=DAY_ZERO)
    found: FindingSet = fill(
        FindingSet, "x", shop=shop, run=run, date=DAY_ZERO, rows=600, returns=100, quality=12,
        computed_at=NOON_ZERO,
    )  # fmt: skip
    fill(Order, "x", shop=shop, external_id="o0")
    keys = [line_of(shop, number) for number in range(60)]
    finding(found, 1, [["product", "p1"]], keys[:40], excess=20.0, excess_fen=200_000.0)
    finding(found, 2, [["courier", "圆通"]], keys[20:], excess=30.0, excess_fen=150_000.0)
    return found


@pytest.fixture
def alice(shop: Shop) -> Client:
    client = Client()
    client.force_login(make_member(make_user("alice"), shop, Role.OWNER))
    return client


def line_of(shop: Shop, number: int) -> int:
    line = OrderLine.objects.create(
        shop=shop, order_ref=f"o{number}", line_no=1, product_ref="p1", as_of=NOON_ZERO
    )
    return line.pk


def finding(
    found: FindingSet, rank: int, cut: list[list[str]], lines: list[int], **given: float
) -> FindingRow:
    return fill(
        FindingRow, "x", shop=found.shop, found=found, rank=rank, cut=cut, lines=lines,
        outcome="return", n_inside=100, k_inside=len(lines), n_outside=500,
        k_outside=100 - len(lines), lift=3.0, reasons=[["尺码", 3]], bars=[["x", 100, 40]],
        p=0.001, q=0.01, **given,
    )  # fmt: skip


def review(shop: Shop, number: int, text: str, rating: int = 1) -> None:
    Review.objects.create(
        shop=shop, external_id=f"r{number}", order_ref=f"o{number}", product_ref="p1",
        as_of=NOON_ZERO, rating=rating, text=text, created_at=NOON_ZERO - timedelta(days=number),
    )  # fmt: skip


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def words_of(html: str, tag: str) -> list[str]:
    """What stands in the elements, without the tags in them, spaces as one."""
    inner = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in inner]


def test_returns_of_two_findings_are_told_once(alice: Client, found: FindingSet) -> None:
    """Twenty lines of the first alone at a half, forty of the second at three quarters; of money
    forty of the first at 50 yuan and twenty of the second alone at 37.50."""
    whole = together(found)
    assert (whole.excess, whole.excess_fen) == pytest.approx((40, 275_000))
    assert words_of(text(alice), "h1") == ["2 个真实异常，去重后多出约 40 件退货、2,750 元"]
    foot = "去重后 2 条共多出约 40 件、2,750 元"
    assert foot in words_of(text(alice, "/s/plum/"), "span")
    told = alice.get("/api/v1/shops/plum/findings/search/").json()
    assert (told["excess"], told["excess_fen"]) == (50, 350_000)
    assert (told["excess_once"], told["excess_once_fen"]) == (pytest.approx(40), 275_000)


def test_money_nobody_knows_is_not_told(alice: Client, found: FindingSet) -> None:
    found.findings.update(excess_fen=None)
    assert words_of(text(alice), "h1") == ["2 个真实异常，去重后多出约 40 件退货"]
    assert alice.get("/api/v1/shops/plum/findings/search/").json()["excess_once_fen"] is None


def test_the_strip_tells_what_the_other_pages_tell(
    alice: Client, shop: Shop, found: FindingSet
) -> None:
    assert {"—", "还没有整改"} <= {*words_of(text(alice), "b"), *words_of(text(alice), "span")}
    sums_only(shop, DAY_ZERO)
    fill(
        ReturnLoyalty, "x", shop=make_shop("elder"), kept_n=900, kept_k=900, others_n=900,
        others_k=0, offered_n=0, offered_k=0, mean_fen=9900,
    )  # fmt: skip
    for number, verdicts in enumerate((("improved", "worse"), ("improved", "too_few"), ())):
        fix = fill(Fix, "x", shop=shop, withdrawn_at=None, products=[f"p{number}"])
        for place, verdict in enumerate(verdicts):
            fill(FixEffect, "x", shop=shop, fix=fix, horizon=30 + 30 * place, verdict=verdict)
    fill(Fix, "x", shop=shop, withdrawn_at=NOON_ZERO)
    FindingSet.objects.update(computed_at=NOON_ZERO + timedelta(hours=1))
    page = text(alice)
    figures = words_of(page, "b")
    assert "1 / 2 项" in figures
    assert "没变 0 项，变差 1 项" in words_of(page, "span")
    (title,) = words_of(text(alice, f"{PAGE}money/"), "h1")
    assert title.removeprefix("退货一共花了 ") in figures


def test_fixes_stand_as_their_page_says(shop: Shop) -> None:
    told = (("improved", "too_few"), ("improved", "worse"), ("too_few",), ("unchanged",), ())
    for number, verdicts in enumerate(told):
        fix = fill(Fix, "x", shop=shop, withdrawn_at=None, products=[f"p{number}"])
        for place, verdict in enumerate(verdicts):
            fill(FixEffect, "x", shop=shop, fix=fix, horizon=30 + 30 * place, verdict=verdict)
    fill(FixEffect, "y", shop=make_shop("elder"), verdict="improved", withdrawn_at=None)
    standing = fix_standing(shop=shop)
    assert standing == FixStanding(fixes=5, improved=1, unchanged=1, worse=1)
    page = fixes_page(shop=shop, asked=QueryDict(), today=DAY_ZERO)
    assert (page.improved, page.judged) == (standing.improved, standing.judged)


def test_a_card_quotes_what_buyers_wrote_of_its_returns(
    alice: Client, shop: Shop, found: FindingSet
) -> None:
    review(shop, 1, f"{NASTY}袖子太短了，穿不上")
    review(shop, 2, "买来一看袖子太短，只好退了" + "，这件衣服我等了很久" * 6)
    review(shop, 3, "袖子太短但是很喜欢", rating=4)
    review(shop, 45, "快递送得慢")
    review(shop, 300, "袖子太短：没有退")
    review(make_shop("elder"), 50, "袖子太短：别人家的")
    quotes = finding_quotes(shop=shop, found=found)
    told = {
        rank: ["".join(piece for piece, _w in one.pieces) for one in some]
        for rank, some in quotes.items()
    }
    assert told[1] == [
        f"{NASTY}袖子太短了，穿不上",
        excerpt("买来一看袖子太短，只好退了" + "，这件衣服我等了很久" * 6, ["袖子太短"], 40),
    ]
    assert told[2] == ["快递送得慢"]
    for page in (text(alice), text(alice, f"{PAGE}findings/1/")):
        assert NASTY not in page
        assert "&lt;script&gt;x7&lt;/script&gt;<mark>袖子太短</mark>了，穿不上" in page


def test_a_note_of_the_case_is_quoted_after_the_reviews(shop: Shop, found: FindingSet) -> None:
    case = fill(
        AfterSaleCase, "x", shop=shop, external_id="c5", order_ref="o5", line_no=1, as_of=NOON_ZERO
    )
    note = {"shop": shop, "case_ref": case.external_id, "at": NOON_ZERO, "note": "买家说袖口开线"}
    CaseEvent.objects.create(sequence=1, name="note", state_to="review", **note)
    CaseEvent.objects.create(sequence=2, name="imported", state_to="review", **note | {"note": "x"})
    review(shop, 9, "袖口开线")
    said = finding_quotes(shop=shop, found=found)[1]
    assert [(one.stars, one.told) for one in said] == [(1, "1 星"), (None, "处理记录")]


def test_notes_and_cases_of_others_are_not_quoted(shop: Shop, found: FindingSet) -> None:
    """Another shop has a case of the same order and a note on one of the same number."""
    elder = make_shop("elder")
    for owner, number, ref in ((shop, 1, "o5"), (elder, 2, "o6"), (shop, 2, "o300")):
        fill(
            AfterSaleCase, "x", shop=owner, external_id=f"c{number}", order_ref=ref, line_no=1,
            as_of=NOON_ZERO,
        )  # fmt: skip
    for owner, number in ((elder, 1), (shop, 2)):
        CaseEvent.objects.create(
            shop=owner, case_ref=f"c{number}", sequence=1, name="note", state_to="review",
            at=NOON_ZERO, note="袖口开线",
        )  # fmt: skip
    assert finding_quotes(shop=shop, found=found) == {}


def test_nothing_is_quoted_where_nothing_was_said(alice: Client, found: FindingSet) -> None:
    assert finding_quotes(shop=found.shop, found=found) == {}
    assert "<blockquote" not in text(alice)


def test_what_is_to_gain_is_the_rate_without_the_excess(alice: Client, found: FindingSet) -> None:
    finding(found, 3, [["reason", "尺码"]], [], excess=10.0, excess_fen=1.0)
    finding(found, 4, [["sku", "k1"]], [], excess=6.0, excess_fen=1.0)
    found.findings.filter(rank=4).update(outcome="quality")
    gains = [one for one in words_of(text(alice), "p") if "→" in one]
    assert gains == [
        "若降到其他的水平：总退货率 16.7% → 13.3%",
        "若降到其他的水平：总退货率 16.7% → 11.7%",
        "若这个原因降到退货的三分之一：总退货率 16.7% → 15.0%",
        "若降到其他的水平：品退率 2.00% → 1.00%",
    ]


def test_bars_of_a_share_are_shares_of_the_returns_it_looks_at(
    alice: Client, found: FindingSet
) -> None:
    row = finding(found, 3, [["reason", "尺码"]], [], excess=10.0, excess_fen=1.0)
    row.bars = [["不想要", 30, 30], ["尺码", 60, 60], ["其他", 10, 10]]
    row.save()
    page = text(alice, f"{PAGE}findings/3/")
    table = page[page.index("<table") : page.index("</table>")]
    assert words_of(table, "td") == [
        "尺码", "100", "60", "60.0%", "不想要", "100", "30", "30.0%", "其他", "100", "10", "10.0%",
    ]  # fmt: skip
