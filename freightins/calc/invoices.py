"""The steps of an invoice, and what a tax number looks like."""

import re
from collections.abc import Mapping

REQUESTED, SUBMITTED, ISSUED, REFUSED, WITHDRAWN = (
    "requested",
    "submitted",
    "issued",
    "refused",
    "withdrawn",
)
# Where each state can go to.
STEPS: Mapping[str, tuple[str, ...]] = {
    REQUESTED: (SUBMITTED, WITHDRAWN),
    SUBMITTED: (ISSUED, REFUSED, WITHDRAWN),
    ISSUED: (),
    REFUSED: (),
    WITHDRAWN: (),
}
# 统一社会信用代码 has 18 signs, older numbers 15 or 20.
_TAX_NUMBER = re.compile(r"(?:[0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20})\Z", re.ASCII)


def tax_number_of(text: str) -> str:
    """A tax number in its plain form. Raises ValueError for what cannot be one."""
    plain = text.replace(" ", "").upper()
    if not _TAX_NUMBER.match(plain):
        raise ValueError("not a tax number")
    return plain


def may_go(state: str, to: str) -> bool:
    """Whether a request may go from one state to another."""
    return to in STEPS[state]
