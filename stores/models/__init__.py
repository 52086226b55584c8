"""Records of the lowest app."""

from stores.models.api import ApiToken, KeptAnswer
from stores.models.audit import AuditEntry, OutboxMessage
from stores.models.catalogue import Category, Product
from stores.models.changes import Exclusion, Touch
from stores.models.channels import Channel, ChannelChoice, Delivery, Level, Webhook
from stores.models.facts import Complaint, Consultation, DelayReport, Review
from stores.models.imports import ImportBatch, ImportChunk, PlatformCoverage
from stores.models.notifications import Notification
from stores.models.onboarding import (
    Application,
    ApplicationEvent,
    ApplicationPaper,
    DepositDue,
    DepositEntry,
    InvitationCode,
)
from stores.models.orders import Order, OrderLine
from stores.models.parcels import Parcel
from stores.models.penalties import Appeal, AppealPaper, PenaltyLogRow, PenaltyView
from stores.models.people import Membership, Role, SignInAttempt, User
from stores.models.runs import Run, Shard, State, Step
from stores.models.shop_images import ShopImage
from stores.models.shops import Fact, Shop, ShopRecord, ShopScopedQuerySet
from stores.models.traffic import Traffic
from stores.models.uploads import ImportMapping, ImportPiece, ImportRejects, ImportUpload
from stores.models.violations import Violation

__all__ = [
    "ApiToken",
    "Appeal",
    "AppealPaper",
    "Application",
    "ApplicationEvent",
    "ApplicationPaper",
    "AuditEntry",
    "Category",
    "Channel",
    "ChannelChoice",
    "Complaint",
    "Consultation",
    "DelayReport",
    "Delivery",
    "DepositDue",
    "DepositEntry",
    "Exclusion",
    "Fact",
    "ImportBatch",
    "ImportChunk",
    "ImportMapping",
    "ImportPiece",
    "ImportRejects",
    "ImportUpload",
    "InvitationCode",
    "KeptAnswer",
    "Level",
    "Membership",
    "Notification",
    "Order",
    "OrderLine",
    "OutboxMessage",
    "Parcel",
    "PenaltyLogRow",
    "PenaltyView",
    "PlatformCoverage",
    "Product",
    "Review",
    "Role",
    "Run",
    "Shard",
    "Shop",
    "ShopImage",
    "ShopRecord",
    "ShopScopedQuerySet",
    "SignInAttempt",
    "State",
    "Step",
    "Touch",
    "Traffic",
    "User",
    "Violation",
    "Webhook",
]
