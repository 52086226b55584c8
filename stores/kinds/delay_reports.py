"""超期报备. Accepted, it excludes its order from both logistics metrics."""

from stores.calc.cells import Code, FreeText, Id, Instant
from stores.kinds._declare import Change, Column, Kind, Target
from stores.kinds._exclusions import Grant, grants_follow
from stores.models import DelayReport

# Both logistics metrics, of every rule set there has been.
METRICS = ("ship_on_time_rate", "pay_to_sign_hours", "collect_on_time_rate", "delivery_hours")


def _source(report: str) -> str:
    return f"delay_report:{report}"


def _exclusions(change: Change) -> None:
    shops = change.shops[change.touched].tolist()
    ids = change.field_of_touched("external_id")
    orders = change.field_of_touched("order_ref")
    causes = change.field_of_touched("cause")
    decisions = change.field_of_touched("decision")
    grants = [
        Grant(shop, "order", order, _source(report), cause)
        for shop, report, order, cause, decision in zip(
            shops, ids, orders, causes, decisions, strict=True
        )
        if decision == "accepted"
    ]
    sources = zip(shops, map(_source, ids), strict=True)
    grants_follow(change, kind="order", sources=sources, grants=grants, metrics=METRICS)


KIND = Kind(
    name="delay_reports",
    label_zh="超期报备",
    label_en="Delay reports",
    identity=(Column("report_id", Id()),),
    record=Target(
        model=DelayReport,
        keys={"external_id": "report_id"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("cause", FreeText(200), required=True),
            Column("evidence", FreeText()),
            Column("filed_at", Instant()),
            Column(
                "decision",
                Code(("pending", "accepted", "refused")),
                default="pending",
                open_values=frozenset({"pending"}),
            ),
            Column("decided_at", Instant()),
        ),
        order_days=("signed_at", "ship_by"),
    ),
    follow_ups=(_exclusions,),
)
