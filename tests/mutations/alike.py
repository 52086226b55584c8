"""Scopes nobody can miss, each with the reason: without them more rows are read, and the ones too
many are dropped before anything is made of them. They are not played.
"""

# file, function, scope, which of several there if not the first: why
_SAME: dict[tuple[str, ...], str] = {
    (
        "aftersales/services/win_back.py",
        "loyalty_keep",
        "ReturnLoyalty.objects.filter(shop__in=shop_ids)",
    ): "the shops found are only taken off those asked for",
    (
        "freightins/selectors/windows.py",
        "",
        "c.shop_id = ANY(%s)",
    ): "the orders the cases are joined to are of the shops already",
    (
        "freightins/selectors/windows.py",
        "",
        "o.shop_id = ANY(%s)",
    ): "the rows are laid out by the shops asked for, and others dropped",
    (
        "stores/kinds/_exclusions.py",
        "grants_follow",
        "Exclusion.objects.filter(shop__in={shop for shop, _ in pairs})",
    ): "each row is looked up by its shop and source among those that changed",
    (
        "freightins/selectors/covering.py",
        "histories",
        "EnrolmentEvent.objects.filter(shop__in=shop_ids)",
    ): "events are looked up by the enrolments of the shops asked for",
    (
        "freightins/selectors/covering.py",
        "histories",
        "Enrolment.objects.filter(shop__in=shop_ids)",
    ): "the histories are laid out by the shops asked for, and others dropped",
    (
        "stores/selectors/desk_lists.py",
        "shop_lines",
        "Membership.objects.filter(shop__in=keys)",
    ): "the lines are laid out by the shops asked for, and others dropped",
    (
        "stores/selectors/desk_lists.py",
        "shop_lines",
        "DepositDue.objects.filter(shop__in=keys)",
    ): "the same",
    (
        "stores/selectors/desk_lists.py",
        "shop_lines",
        "DepositEntry.objects.filter(shop__in=keys)",
    ): "the same",
    (
        "stores/selectors/penalty_lines.py",
        "_last_lines",
        "PenaltyLogRow.objects.filter(shop__in=list(shops))",
    ): "lines are looked up by shop and case",
    (
        "servicescore/selectors/assessment.py",
        "own_modes",
        "ServiceModeSpell.objects.filter(shop__in=shops)",
    ): "the modes are laid out by the shops asked for, and others dropped",
    (
        "servicescore/selectors/changes.py",
        "turns_of",
        "DailyRow.objects.filter(shop__in=shop_ids)",
    ): "the days are looked up by the shops asked for",
    (
        "servicescore/services/scores.py",
        "_newest",
        "ScoreRevision.objects.filter(shop__in=shop_ids)",
    ): "the newest are looked up by the shops scored",
    (
        "freightins/selectors/statement_facts.py",
        "payouts_told",
        "StatementLine.objects.filter(shop_id=shop_id)",
    ): "a shop without lines of its own has no span either",
    (
        "freightins/selectors/claim_reasons.py",
        "_newest",
        "FindingRow.objects.for_shop",
    ): "the rows of a search are of the shop of the search",
    (
        "freightins/selectors/claim_reasons.py",
        "_findings",
        "OrderLine.objects.for_shop",
    ): "the lines asked for are those the shop's own findings name",
    (
        "freightins/selectors/trials.py",
        "products_tried",
        "TrialProduct.objects.for_shop",
    ): "the products of a trial are of the shop of the trial",
    (
        "freightins/services/checks.py",
        "_days",
        "SaleDay.objects.filter(shop__in={quote.shop_id for quote in quotes})",
    ): "the days are looked up by the shops quoted",
    (
        "freightins/services/enrolments.py",
        "_quotes",
        "QuoteRevision.objects.filter(shop__in=shop_ids)",
    ): "the quotes are looked up by the shops of the enrolments",
    (
        "freightins/services/quotes.py",
        "_newest",
        "QuoteRevision.objects.filter(shop__in=shop_ids)",
    ): "the newest are looked up by the shops quoted",
    (
        "servicescore/api/whys.py",
        "ScoreChange.get",
        "request.role in STAFF_ROLES",
    ): "the day before one whose score somebody may see is published to him already",
    (
        "servicescore/services/mode.py",
        "own_service_exam",
        "ModeSwitch.objects.for_shop",
    ): "the row is read again by its own key, for the shop it says it is of",
    (
        "servicescore/services/mode.py",
        "own_service_withdraw",
        "ModeSwitch.objects.for_shop",
    ): "the same",
    (
        "aftersales/services/findings.py",
        "_kept",
        "FindingSet.objects.filter(shop__in=shop_ids)",
    ): "searches are kept whose inputs are those of the shops asked for",
    (
        "aftersales/services/return_sums.py",
        "sums_keep",
        "ReturnSumsRow.objects.filter(shop__in=shop_ids)",
    ): "the shops found are only taken off those asked for",
    (
        "aftersales/selectors/findings_page.py",
        "_lines",
        "FindingRow.objects.for_shop",
    ): "the finding is one of the shop's already and is found by its key",
    (
        "aftersales/selectors/finding_quotes.py",
        "",
        "f.shop_id = %(shop)s",
    ): "the findings are those of a search, and the search is the shop's",
    (
        "aftersales/selectors/finding_quotes.py",
        "",
        "l.shop_id = f.shop_id",
    ): "the lines are those the shop's own findings name",
    (
        "aftersales/selectors/fixes.py",
        "fix_standing",
        "FixEffect.objects.for_shop",
    ): "the effects are those of a fix, and the fix is the shop's",
    (
        "aftersales/selectors/return_rows.py",
        "_lines",
        "OrderLine.objects.for_shop",
    ): "the keys are of lines found in the shop alone",
    (
        "aftersales/selectors/return_keys.py",
        "",
        "a.shop_id = c.shop_id",
    ): "only orders whose own first case is like this are kept, and those have such a case",
    (
        "aftersales/selectors/return_keys.py",
        "",
        "c.shop_id = %s",
        "2",
    ): "reasons of others are reasons that no case of the shop has",
    (
        "aftersales/selectors/fixes.py",
        "fix_page",
        "SampleCheck.objects.for_shop",
    ): "the samples are those of a fix, and the fix is the shop's",
    (
        "aftersales/selectors/fixes.py",
        "sample_of_day",
        "SampleCheck.objects.for_shop",
    ): "the same",
    (
        "stores/kinds/orders.py",
        "_create_placeholders",
        "Product.objects.filter(shop__in={shop for shop, _ in wanted})",
    ): "the products found are only taken off those wanted, by shop and id",
    (
        "stores/services/delay_reports.py",
        "delay_report_decide",
        "DelayReport.objects.for_shop",
    ): "the shop is that of the report, which is found by the same key",
    (
        "stores/services/deposits.py",
        "deposits_compute",
        "DepositDue.objects.filter(shop__in=shop_ids)",
    ): "the shops found are only taken off those asked for",
    (
        "stores/services/deposits.py",
        "_paid",
        "Order.objects.filter(shop__in=shop_ids)",
    ): "sums are looked up by the shops asked for",
    (
        "stores/services/deposits.py",
        "_remind",
        "DepositEntry.objects.filter(shop__in=[row.shop_id for row in rows])",
    ): "the same",
}
ALIKE = {"::".join((*place, "1")[:4]): why for place, why in _SAME.items()}
