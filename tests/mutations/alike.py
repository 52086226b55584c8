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
}
ALIKE = {"::".join((*place, "1")): why for place, why in _SAME.items()}
