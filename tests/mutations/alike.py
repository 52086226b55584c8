"""Scopes nobody can miss, each with the reason: without them more rows are read, and the ones too
many are dropped before anything is made of them. They are not played.
"""

# file, function, scope: why
_SAME = {
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
}
ALIKE = {"::".join((*place, "1")): why for place, why in _SAME.items()}
