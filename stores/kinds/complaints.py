"""投诉工单. A malicious or force-majeure complaint is excluded from the dispute rate."""

from stores.calc.cells import Code, FreeText, Id, Instant
from stores.kinds._declare import Change, Column, Kind, Target
from stores.kinds._exclusions import Grant, grants_follow
from stores.models import Complaint

METRICS = ("dispute_rate",)


def _source(complaint: str) -> str:
    return f"complaint:{complaint}"


def _exclusions(change: Change) -> None:
    shops = change.shops[change.touched].tolist()
    ids = change.field_of_touched("external_id")
    reasons = change.field_of_touched("excluded_reason")
    grants = [
        Grant(shop, "complaint", complaint, _source(complaint), reason)
        for shop, complaint, reason in zip(shops, ids, reasons, strict=True)
        if reason
    ]
    sources = zip(shops, map(_source, ids), strict=True)
    grants_follow(change, kind="complaint", sources=sources, grants=grants, metrics=METRICS)


KIND = Kind(
    name="complaints",
    label_zh="投诉工单",
    label_en="Complaints",
    identity=(Column("complaint_id", Id()),),
    record=Target(
        model=Complaint,
        keys={"external_id": "complaint_id"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("opened_at", Instant(), required=True),
            Column("answered_at", Instant()),
            Column("outcome", Code(("open", "upheld", "rejected", "withdrawn")), default="open"),
            Column(
                "excluded_reason",
                Code(("malicious", "force_majeure"), synonyms={"empty": ""}),
                open_values=frozenset(),
            ),
            Column(
                "topic",
                Code(("return_freight", "blacklist", "attitude", "quality", "logistics", "other")),
            ),
            Column("text", FreeText()),
        ),
        order_days=("signed_at",),
    ),
    follow_ups=(_exclusions,),
)
