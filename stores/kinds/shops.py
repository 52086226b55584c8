"""店铺: the shops themselves. Only admins and the command line import them."""

from collections.abc import Iterable

from stores.calc.cells import Code, Day, Flag, Label, distinct
from stores.kinds._declare import Change, Column, Kind, Target
from stores.models import Category, Shop


def create_categories(codes: Iterable[str]) -> None:
    """Create the categories that are not known yet. Sorted, so that two imports cannot deadlock."""
    wanted = sorted(code for code in set(codes) if code)
    if not wanted:
        return
    there = set(Category.objects.filter(code__in=wanted).values_list("code", flat=True))
    fresh = [Category(code=code) for code in wanted if code not in there]
    Category.objects.bulk_create(fresh, ignore_conflicts=True)


def _categories(change: Change) -> None:
    create_categories(distinct(change.field_of_touched("main_category")))


KIND = Kind(
    name="shops",
    label_zh="店铺",
    label_en="Shops",
    identity=(),
    admin_only=True,
    record=Target(
        model=Shop,
        scoped=False,
        keys={"external_id": "shop_id"},
        columns=(
            Column("name", Label(200), required=True),
            Column("platform", Label(32), default="xiaohongshu", fixed=True),
            Column("shop_type", Label(32)),
            Column("industry", Label(64), required=True),
            Column("main_category", Label(64)),
            Column("opened_on", Day()),
            Column("base_settings_complete", Flag(), default=0),
            Column("service_mode", Code(("own", "platform")), default="own"),
            Column("return_province", Label(32)),
        ),
    ),
    follow_ups=(_categories,),
)
