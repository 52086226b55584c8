"""Applications of the demo in every state, deposits, and settings that its owners filled in."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from django.utils import timezone

from shopguard.demo.cast import HEALTHY, SLIPPING, STEADY
from shopguard.demo.papers import LICENCE, LOGO
from stores.calc.onboarding import APPROVE, ASK, REJECT
from stores.models import Application, DepositEntry, Shop, User
from stores.services.onboarding import (
    application_begin,
    application_decide,
    application_edit,
    application_submit,
    application_withdraw,
    invitation_create,
    paper_add,
)
from stores.services.opening import FirstProduct, deposit_enter, shop_open
from stores.services.people import user_create
from stores.services.shop_settings import Profile, image_add, profile_set

ACTOR = "command:seed_demo"
DRAFT, SENT, WITHDRAWN, OPENED = "draft", "sent", "withdrawn", "opened"
HALF_PAID, TO_OPEN = "half_paid", "to_open"  # approved, with part of the deposit or all of it


@dataclass(frozen=True)
class Wish:
    """One application: who, which shop, how far it gets and what is said about it."""

    applicant: str
    shop: str
    company: str
    industry: str
    ends: str
    note: str = ""
    reason: str = ""
    code: str = ""
    scope: str = ""


# code, uses, days it is still valid, whom it is for
CODES = (
    ("HZCYD2K26A", 5, 60, "杭州产业带招商"),
    ("JDZTAOCI88", 2, -3, "景德镇陶瓷专场，已过期"),
    ("SHXRTJ2226", 1, 30, "老商家推荐，只用一次"),
)
WISHES = (
    Wish("alice", "青禾童装", "杭州青禾服饰有限公司", "baby", DRAFT),
    Wish("alice", "青禾家纺", "杭州青禾服饰有限公司", "home", ASK, "执照反光，号码看不清，请重拍"),
    Wish("qiao", "乔木香氛", "苏州乔木日化有限公司", "beauty", SENT, code=CODES[0][0]),
    Wish("lan", "兰芷文具", "南京兰芷文化有限公司", "books", SENT),
    Wish("mei", "梅坞茶食", "杭州梅坞食品有限公司", "food", APPROVE),
    Wish("shan", "山行户外", "成都山行体育有限公司", "sports", REJECT, "商标授权已过期", "brand"),
    Wish("tang", "塘栖竹器", "杭州塘栖竹艺有限公司", "home", WITHDRAWN),
    Wish(
        "ting", "汀兰美发", "湖州汀兰美容美发有限公司", "local_life", HALF_PAID, scope="beauty_care"
    ),
    Wish("alice", "青禾陶作", "杭州青禾服饰有限公司", "home", TO_OPEN),
    Wish("yun", "云舒寝具", "南通云舒家纺有限公司", "home", OPENED, code=CODES[2][0]),
)
PROFILES = {
    SLIPPING: ("棉麻女装，小批量自己打版。", "0571-88001234", "杭州市余杭区良渚街道青禾路 8 号"),
    STEADY: ("每周上新，尺码齐。", "0571-88005678", "杭州市萧山区北干街道云栖路 2 号"),
    HEALTHY: ("武夷山脚下的茶农合作社。", "0599-5201234", "武夷山市星村镇九曲路 16 号"),
}
BALANCES = {SLIPPING: 1_000_000, STEADY: 3_000_000, HEALTHY: 5_000_000}
OFFICE_HOURS = ((9, 21),) * 5 + ((10, 18), None)


def opening_work(*, owner: User, admin: User) -> None:
    """Do all of it. Call it in a transaction."""
    people = {wish.applicant: _applicant(wish.applicant, owner) for wish in WISHES}
    for name, uses, days, note in CODES:
        last = timezone.localdate() + timedelta(days=days)
        invitation_create(actor=admin, uses=uses, valid_until=last, note=note, code=name)
    for wish in WISHES:
        _apply(wish, people[wish.applicant], admin)
    for shop in Shop.objects.filter(external_id__in=BALANCES):
        DepositEntry.objects.create(
            shop=shop, amount=BALANCES[shop.external_id], at=timezone.now(), note="入驻时缴纳",
            entered_by=admin.get_username(),
        )  # fmt: skip
        _fill_in(shop, owner if shop.external_id != HEALTHY else admin)


def _applicant(name: str, owner: User) -> User:
    """An account whose password nobody knows; the owner where it is hers."""
    if name == owner.get_username():
        return owner
    found = User.objects.filter(username=name).first()
    return found or user_create(actor=ACTOR, username=name, password=token_urlsafe(16))


def _apply(wish: Wish, person: User, admin: User) -> None:
    now = timezone.now()
    application = application_begin(user=person)
    texts = _texts(wish) if wish.ends != DRAFT else {"shop_name": wish.shop}
    application = application_edit(
        actor=person, application=application, version=0, texts=texts,
        agrees=wish.ends != DRAFT, now=now,
    )  # fmt: skip
    paper_add(actor=person, application=application, kind="logo", data=LOGO)
    if wish.ends == DRAFT:
        return
    paper_add(actor=person, application=application, kind="licence", data=LICENCE)
    application = application_submit(actor=person, application=application, code=wish.code, now=now)
    _decide(wish, application, person, admin)


def _decide(wish: Wish, application: Application, person: User, admin: User) -> None:
    now = timezone.now()
    if wish.ends == WITHDRAWN:
        application_withdraw(actor=person, application=application, now=now)
    if wish.ends in (SENT, WITHDRAWN):
        return
    is_asked = wish.ends in (ASK, REJECT)
    application = application_decide(
        actor=admin, application=application, reason=wish.reason, note=wish.note, now=now,
        move=wish.ends if is_asked else APPROVE,
    )  # fmt: skip
    due = application.deposit_due or 0
    paid = {HALF_PAID: due // 2, TO_OPEN: due, OPENED: due}.get(wish.ends, 0)
    if paid:
        deposit_enter(actor=admin, application=application, amount=paid, note="银行转账", now=now)
    if wish.ends == OPENED:
        first = FirstProduct("水洗棉四件套", 26900)
        shop_open(actor=person, application=application, first=first, now=now)


def _texts(wish: Wish) -> dict[str, str]:
    return {
        "kind": "local_life" if wish.scope else "ordinary", "scope": wish.scope,
        "company_name": wish.company, "company_type": "limited",
        "licence_no": "91330110MA2CXXXX0X", "brand_name": wish.shop[:2],
        "brand_intro": f"{wish.shop}，自己设计、自己做。", "shop_name": wish.shop,
        "shop_type": "enterprise", "industry": wish.industry, "shop_address": "工业园 3 幢 201",
        "contact_phone": "0571-86000000", "service_mode": "own",
    }  # fmt: skip


def _fill_in(shop: Shop, actor: User) -> None:
    introduction, phone, address = PROFILES[shop.external_id]
    reason = "随入驻资料录入" if actor.is_admin else ""
    image_add(actor=actor, shop=shop, data=LOGO, reason=reason)
    profile = Profile(
        name=shop.name, main_category=shop.main_category, introduction=introduction,
        contact_phone=phone, return_address=address, return_province=shop.return_province,
        score_rules="experience-3d", hours=OFFICE_HOURS,
    )  # fmt: skip
    profile_set(actor=actor, shop=shop, version=0, profile=profile, reason=reason, now=shop.as_of)
