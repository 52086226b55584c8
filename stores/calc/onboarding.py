"""入驻: in which states an application is, what may be done in each, and which steps are left.

draft → submitted → approved → opened; a reviewer may ask for more (info_requested, sent in again)
or reject with a reason of a list. What was decided is not decided again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

DRAFT, SUBMITTED, INFO_REQUESTED = "draft", "submitted", "info_requested"
APPROVED, REJECTED, OPENED, WITHDRAWN = "approved", "rejected", "opened", "withdrawn"
STATES = (DRAFT, SUBMITTED, INFO_REQUESTED, APPROVED, REJECTED, OPENED, WITHDRAWN)
EDIT, SUBMIT, WITHDRAW, ASK, APPROVE = "edit", "submit", "withdraw", "ask", "approve"
REJECT, OPEN, DEPOSIT = "reject", "open", "deposit"
MOVES: Mapping[str, Mapping[str, str]] = {
    DRAFT: {EDIT: DRAFT, SUBMIT: SUBMITTED, WITHDRAW: WITHDRAWN},
    SUBMITTED: {
        ASK: INFO_REQUESTED, APPROVE: APPROVED, REJECT: REJECTED, WITHDRAW: WITHDRAWN,
    },
    INFO_REQUESTED: {EDIT: INFO_REQUESTED, SUBMIT: SUBMITTED, WITHDRAW: WITHDRAWN},
    APPROVED: {DEPOSIT: APPROVED, OPEN: OPENED},
    REJECTED: {},
    OPENED: {},
    WITHDRAWN: {},
}  # fmt: skip
REASONS = (
    "unreadable", "expired", "names_differ", "scope", "brand", "false_papers", "other",
)  # fmt: skip
ORDINARY, LOCAL_LIFE = "ordinary", "local_life"
LICENCE, LOGO = "licence", "logo"
PAPERS = (LICENCE, LOGO, "brand_papers", "organisation_code", "tax_registration", "other")


@dataclass(frozen=True)
class Filled:
    """What an application holds; empty texts are missing."""

    texts: Mapping[str, str]
    papers: frozenset[str]
    is_local: bool
    has_agreed: bool
    state: str
    deposit_due: int | None
    deposit_paid: int
    has_base_settings: bool = False
    has_product: bool = False
    has_orders: bool = False


@dataclass(frozen=True)
class Step:
    """A step of the way. ``missing`` names what it still needs."""

    name: str
    missing: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


QUALIFICATIONS = ("company_name", "company_type", "licence_no")
BRAND = ("brand_name", "brand_intro")
SHOP = ("shop_name", "industry", "shop_address", "contact_phone", "service_mode")
DECIDED = frozenset({APPROVED, OPENED})


def form_steps(filled: Filled) -> list[Step]:
    """The steps the applicant fills in, before anything can be sent in."""
    scope = ("scope",) if filled.is_local else ()
    return [
        Step("qualifications", _missing(filled, (*QUALIFICATIONS, *scope), (LICENCE,))),
        Step("brand", _missing(filled, BRAND, (LOGO,))),
        Step("shop", _missing(filled, SHOP)),
        Step("agreement", () if filled.has_agreed else ("agreement",)),
    ]


def steps(filled: Filled) -> list[Step]:
    """Every step from the account to the first orders; each ticks itself."""
    is_decided, is_open = filled.state in DECIDED, filled.state == OPENED
    is_paid = filled.deposit_due is not None and filled.deposit_paid >= filled.deposit_due
    return [
        Step("account", ()),
        *form_steps(filled),
        Step("review", () if is_decided else ("decision",)),
        Step("deposit", () if is_paid else ("deposit",)),
        Step("open", () if is_open else ("opening",)),
        Step("product", () if filled.has_product else ("product",)),
        Step("base_settings", () if filled.has_base_settings else ("base_settings",)),
        Step("orders", () if filled.has_orders else ("orders",)),
    ]


def _missing(
    filled: Filled, names: tuple[str, ...], papers: tuple[str, ...] = ()
) -> tuple[str, ...]:
    texts = tuple(name for name in names if not filled.texts.get(name, "").strip())
    return texts + tuple(paper for paper in papers if paper not in filled.papers)
