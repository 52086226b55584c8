"""Whether freight cover agrees with what it was decided by: lines that name each breach."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from django.db import connection
from django.db.models import Max

from freightins.calc.fee_rules import FeeRules
from freightins.calc.quotes import WindowCounts, basis_of
from freightins.calc.statement import PAYOUT, compared, stated_of
from freightins.models import Claim, Cover, InvoiceRequest, QuoteRevision, Reconciled, StatementLine
from freightins.rules import fee_sets
from freightins.selectors.statement_facts import statement_facts
from stores.selectors.invariants import Findings

TOLERANCE = 1e-9
HALF_FEN = 0.5 + 1e-6
QUOTES_AT_ONCE = 2000
# Each names the records that contradict each other.
CONTRADICTIONS = (
    # a verdict and what was open when the order was placed
    """SELECT format('cover of %s was given while none was active', c.order_ref)
       FROM freightins_cover c
       LEFT JOIN freightins_enrolment n ON n.id = c.enrolment_id
       LEFT JOIN LATERAL (
           SELECT e.state FROM freightins_enrolmentevent e
           WHERE e.enrolment_id = n.id AND e.at <= c.placed_at ORDER BY e.at DESC, e.id DESC LIMIT 1
       ) e ON TRUE
       WHERE c.reason = '' AND (e.state IS DISTINCT FROM 'active' OR n.closed_at <= c.placed_at)""",
    """SELECT format('cover of %s is given and has no time, or has one and is not', order_ref)
       FROM freightins_cover
       WHERE (reason = '') <> coalesce(to_at > from_at, FALSE)
          OR reason <> '' AND fee IS NOT NULL""",
    # a claim and its cover, its state and what it paid
    """SELECT format('claim on %s has no cover of its time', k.order_ref)
       FROM freightins_claim k
       LEFT JOIN freightins_cover c ON c.shop_id = k.shop_id AND c.order_ref = k.order_ref
        AND c.reason = '' AND k.opened_at BETWEEN c.from_at AND c.to_at
       WHERE c.id IS NULL""",
    """SELECT format('claim on %s is %s with payment %s', order_ref, state, amount)
       FROM freightins_claim
       WHERE (state = 'paid') <> (amount IS NOT NULL AND paid_at IS NOT NULL)
          OR is_estimated AND state <> 'paid'""",
    # a choice and its changes: each kept once, none lost
    """SELECT format('choice %s %s is not its last change', c.level, c.key)
       FROM freightins_choice c
       LEFT JOIN freightins_choicechange h ON h.shop_id = c.shop_id AND h.level = c.level
        AND h.key = c.key AND h.version = c.version
       WHERE h.id IS NULL OR h.became IS DISTINCT FROM c.is_covered""",
    """SELECT format('change %s of choice %s %s does not follow that before', version, level, key)
       FROM (SELECT *, lag(became) OVER one AS before, row_number() OVER one AS place
             FROM freightins_choicechange WINDOW one AS (
                 PARTITION BY shop_id, level, key ORDER BY version)) h
       WHERE version <> place OR was IS DISTINCT FROM before""",
    """SELECT format('%s changes of choices have %s audit rows', n.changes, n.audited) FROM (
           SELECT (SELECT count(*) FROM freightins_choicechange h
                   WHERE h.shop_id = s.id) AS changes,
                  (SELECT count(*) FROM stores_auditentry a
                   WHERE a.shop_id = s.id AND a.action = 'choice.change') AS audited
           FROM stores_shop s) n
       WHERE n.changes <> n.audited""",
    # what was asked for and what came of it
    """SELECT format('invoice of %s is issued without a number', month)
       FROM freightins_invoicerequest WHERE state = 'issued' AND number = ''""",
    """SELECT format('pair %s of trial %s is not one product on each side', pair, trial_id)
       FROM freightins_trialproduct WHERE pair IS NOT NULL
       GROUP BY trial_id, pair HAVING count(*) <> 2 OR count(DISTINCT arm) <> 2""",
    # a scored week, the quote it scores, and the days it is counted from
    """SELECT format('the check of the quote of %s scores another quote', k.date)
       FROM freightins_quotecheck k WHERE NOT EXISTS (
           SELECT 1 FROM freightins_quoterevision q
           WHERE q.shop_id = k.shop_id AND q.date = k.date AND q.rule_set = k.rule_set
             AND q.revision = 1 AND NOT q.is_backfilled AND q.valid_from = k.first_day
             AND q.valid_to = k.last_day AND q.fee = k.fee
             AND q.blended_rate = k.expected_share)""",
    """SELECT format('the check of the quote of %s is not the sum of its days', k.date)
       FROM freightins_quotecheck k
       LEFT JOIN LATERAL (
           SELECT coalesce(sum(d.orders), 0) AS orders, coalesce(sum(d.returns), 0) AS returns,
                  coalesce(sum(d.fees), 0) AS fees, coalesce(sum(d.payouts), 0) AS payouts
           FROM freightins_saleday d WHERE d.shop_id = k.shop_id AND d.product_ref = ''
             AND d.day BETWEEN k.first_day AND k.last_day) d ON TRUE
       WHERE NOT k.is_final
         AND (k.orders, k.returns, k.fees, k.payouts)
             IS DISTINCT FROM (d.orders, d.returns, d.fees, d.payouts)""",
)


def cover_checked(*, days: int | None = None) -> Findings:
    """Covers, claims, choices, statements, invoices, trials and checks against what they follow
    from, and every quote against its own numbers; of quotes only the newest ``days`` dates.
    """
    found = Findings({
        "covers": Cover.objects.count(),
        "claims": Claim.objects.count(),
        "compared": Reconciled.objects.count(),
        "invoices": InvoiceRequest.objects.count(),
    })  # fmt: skip
    with connection.cursor() as cursor:
        for sql in CONTRADICTIONS:
            cursor.execute(sql)
            found.breaches += [line for (line,) in cursor.fetchall()]
    shops = StatementLine.objects.order_by("shop").values_list("shop", flat=True).distinct()
    found.breaches += chain.from_iterable(map(_statement_breaches, shops))
    found.counts["quotes"] = 0
    for rules in fee_sets():
        for quote in _quotes(rules, days):
            found.counts["quotes"] += 1
            found.breaches += _quote_breaches(quote, rules)
    return found


def _statement_breaches(shop_id: int) -> Iterator[str]:
    """What a comparison or a paid claim says that its lines do not."""
    facts = statement_facts(shop_id)
    stated = stated_of(facts.lines, facts.fees, facts.payouts)
    expected = {
        (one.side, one.order): (one.status, one.expected, one.stated, one.lines)
        for one in compared(stated, facts.fees, facts.payouts)
    }
    rows = Reconciled.objects.filter(shop_id=shop_id)
    kept = {
        (side, order): tuple(content)
        for side, order, *content in rows.values_list(
            "side", "order_ref", "status", "expected", "stated", "lines"
        )
    }
    for side, order in sorted(kept.keys() | expected.keys()):
        if kept.get((side, order)) != expected.get((side, order)):
            yield f"{side} of {order} is not compared as its lines say"
    told = Claim.objects.filter(shop_id=shop_id, state=Claim.State.PAID, is_estimated=False)
    for order, amount in told.values_list("order_ref", "amount"):
        line = stated.get((PAYOUT, order))
        if line is None or line.amount != amount:
            yield f"claim on {order} was paid otherwise than its statement says"


def _quotes(rules: FeeRules, days: int | None) -> Iterator[QuoteRevision]:
    """The quotes by the present text of a rule set."""
    rows = QuoteRevision.objects.filter(rule_set=rules.id, rule_hash=rules.hash)
    newest: date | None = rows.aggregate(newest=Max("date"))["newest"]
    if days and newest:
        rows = rows.filter(date__gt=newest - timedelta(days=days))
    return rows.iterator(chunk_size=QUOTES_AT_ONCE)


def _quote_breaches(quote: QuoteRevision, rules: FeeRules) -> Iterator[str]:
    """Steps of a quote that do not follow from those before."""
    orders = quote.window_orders
    window = WindowCounts(orders, quote.window_returns, quote.window_promotions)
    own = quote.window_returns / orders if orders else None
    weight = orders / (orders + quote.credibility)
    if not rules.is_estimated and orders <= rules.threshold:
        weight = 0.0
    promoted = quote.window_promotions / orders if orders else 0.0
    promotion = 1 + float(rules.promotion) * promoted
    rate = quote.blended_rate * quote.level_factor * quote.conduct_factor * quote.promotion_factor
    risk = min(
        max(rate * float(rules.risk_loading), float(rules.lowest_risk)), float(rules.highest_risk)
    )
    payout = quote.pickup_share * quote.first_weight + (1 - quote.pickup_share) * rules.self_sent
    exact = risk * payout * float(rules.fee_loading)
    fee = min(max(exact, float(rules.lowest_fee)), float(rules.highest_fee))
    steps = {
        "return_rate": (quote.return_rate or 0.0, own or 0.0, TOLERANCE),
        "blended_rate": (
            quote.blended_rate,
            weight * (own or 0.0) + (1 - weight) * quote.category_rate,
            TOLERANCE,
        ),
        "promotion_factor": (quote.promotion_factor, promotion, TOLERANCE),
        "risk_rate": (quote.risk_rate, risk, TOLERANCE),
        "expected_payout": (quote.expected_payout, payout, TOLERANCE * rules.self_sent),
        "computed_fee": (quote.computed_fee, fee, HALF_FEN),
    }
    for name, (stored, follows, tolerance) in steps.items():
        if abs(stored - follows) > tolerance:
            yield f"quote {quote}: {name} does not follow from its numbers"
    entered = quote.basis == QuoteRevision.Basis.ENTERED
    if not entered and (quote.basis != basis_of(rules, window) or quote.fee != quote.computed_fee):
        yield f"quote {quote}: basis or fee does not follow from its numbers"
