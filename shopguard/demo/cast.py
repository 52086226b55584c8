"""The people of the demo. Standard library only: the launcher reads this before anything else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody the sign-in page lets in with one click; ``role`` is owner, ops or admin.

    ``shops`` are the ids of the shops the person is a member of, in that role.
    """

    username: str
    password: str
    role: str
    caption_zh: str
    caption_en: str
    shops: tuple[str, ...] = ()


SLIPPING, HEALTHY, SHAKEN, RECOVERING = "SG-0101", "SG-0264", "SG-0156", "SG-0233"
TOO_SMALL, NEWCOMER, NEVER_SCORED, STEADY = "SG-0577", "SG-0431", "SG-0588", "SG-0390"

DEMO_SIGN_INS: tuple[DemoSignIn, ...] = (
    DemoSignIn(
        username="alice",
        password="alice-sells-linen",
        role="owner",
        caption_zh="三家店的店主，其中青禾集在走低",
        caption_en="owner of three shops, one of them slipping",
        shops=(SLIPPING, STEADY, TOO_SMALL),
    ),
    DemoSignIn(
        username="bob",
        password="bob-answers-buyers",
        role="ops",
        caption_zh="六家店的日常运营",
        caption_en="runs the day of six shops",
        shops=(SLIPPING, HEALTHY, SHAKEN, RECOVERING, NEWCOMER, NEVER_SCORED),
    ),
    DemoSignIn(
        username="dora",
        password="dora-sees-all-shops",
        role="admin",
        caption_zh="管理员，看得到全部店铺",
        caption_en="admin, sees every shop",
    ),
)
