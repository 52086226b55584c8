"""What a shop chose to cover, with every change kept."""

from django.db import models

from stores.models import ShopRecord


class Choice(ShopRecord):
    """选择: covered or not, for the shop, a category or a product; the most specific wins.

    ``key`` is empty for the shop, else the category's code or the product's external id. An empty
    ``is_covered`` means that nothing is chosen here. ``version`` counts the changes: who wants to
    change it names the one he saw.
    """

    class Level(models.TextChoices):
        """What a choice is about."""

        SHOP = "shop", "全店"
        CATEGORY = "category", "类目"
        PRODUCT = "product", "商品"

    level = models.CharField(max_length=8, choices=Level.choices)
    key = models.CharField(max_length=96, default="", blank=True)
    is_covered = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "level", "key"], name="choice_identity")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.key} v{self.version}"


class ChoiceSet(ShopRecord):
    """Choices changed together: one click, a bulk change, a file. Taken back once at most."""

    class Source(models.TextChoices):
        """Where it came from."""

        SINGLE = "single", "单件"
        BULK = "bulk", "批量"
        FILE = "file", "文件"
        OPENING = "opening", "开通"
        UNDO = "undo", "撤销"
        TRIAL = "trial", "对照实验"

    source = models.CharField(max_length=8, choices=Source.choices)
    reason = models.CharField(max_length=200, default="", blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "-made_at"], name="choiceset_shop_made")]

    def __str__(self) -> str:
        return f"{self.source} {self.made_at:%Y-%m-%d %H:%M}"


class ChoiceChange(ShopRecord):
    """One change of one choice: what was, what is, from when on. Rows are only added."""

    choice_set = models.ForeignKey(ChoiceSet, on_delete=models.CASCADE, related_name="changes")
    level = models.CharField(max_length=8, choices=Choice.Level.choices)
    key = models.CharField(max_length=96, default="", blank=True)
    was = models.BooleanField(null=True, blank=True)
    became = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "level", "key", "version"], name="choicechange_identity"
            )
        ]
        indexes = [models.Index(fields=["shop", "at"], name="choicechange_shop_at")]

    def __str__(self) -> str:
        return f"{self.level} {self.key} v{self.version}"


class ChoiceView(ShopRecord):
    """A saved view of the table of products: a name for a query, of one person in one shop."""

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user", "name"], name="choiceview_identity")
        ]

    def __str__(self) -> str:
        return self.name
