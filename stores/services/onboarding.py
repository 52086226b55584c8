"""入驻, from the first word to the open shop. Every move is audited and told."""

from collections.abc import Mapping
from datetime import date, datetime
from secrets import choice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shopguard.lib.days import shanghai_day
from shopguard.lib.papers import PaperError, paper_of
from stores.calc.deposit import deposit_rules, entry_due
from stores.calc.onboarding import (
    APPROVE,
    ASK,
    EDIT,
    MOVES,
    PAPERS,
    REASONS,
    REJECT,
    SUBMIT,
    WITHDRAW,
    form_steps,
)
from stores.models import (
    Application,
    ApplicationEvent,
    ApplicationPaper,
    InvitationCode,
    User,
)
from stores.rules import deposit_book
from stores.selectors.onboarding import TEXTS, applications_of, filled_of, papers_of
from stores.services.audit import audit_record
from stores.services.notices import notice_put
from stores.services.paper_words import refusal_words

MOST_BYTES = 5 * 1024 * 1024
MOST_PAPERS, MOST_OPEN = 12, 5
MOST_USES, NOTE_CHARS = 1000, 100
AGREEMENT = "service-agreement-2022"
CODE_SIGNS, CODE_LENGTH = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 10


class ApplicationRefusedError(Exception):
    """The application cannot be moved so; the message says why."""


@transaction.atomic
def application_begin(*, user: User) -> Application:
    """A new draft. Raises ApplicationRefusedError when the person has too many under way."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    under_way = [row for row in applications_of(user=user) if MOVES[row.state]]
    if len(under_way) >= MOST_OPEN:
        raise ApplicationRefusedError(_("已有 %(n)s 份申请在办，先办完一份。") % {"n": MOST_OPEN})
    application = Application.objects.create(applicant=user)
    _record(user, application, "begin", "")
    return application


@transaction.atomic
def application_edit(
    *, actor: User, application: Application, version: int, texts: Mapping[str, str],
    agrees: bool, now: datetime,
) -> Application:  # fmt: skip
    """Fill in what is given over ``version``; only the applicant does. No audit row for a draft's
    words: the paper that counts is the one sent in.

    Raises ApplicationRefusedError when it is no longer open to changes or somebody saved since.
    """
    row = _locked(application, EDIT)
    if row.version != version:
        raise ApplicationRefusedError(_("刚刚有人改过这份申请，看过现在的内容再改。"))
    for name in TEXTS:
        if name in texts:
            setattr(row, name, texts[name])
    row.kind = texts.get("kind", row.kind)
    if agrees and not row.agreed_to:
        row.agreed_to, row.agreed_at = AGREEMENT, now
    row.version += 1
    row.save()
    return row


@transaction.atomic
def paper_add(*, actor: User, application: Application, kind: str, data: bytes) -> ApplicationPaper:
    """Keep a paper, told by its content. Raises ValidationError with what to do instead."""
    row = _locked(application, EDIT)
    if kind not in PAPERS:
        raise ValidationError(_("请选择材料种类。"))
    if len(data) > MOST_BYTES:
        raise ValidationError(refusal_words("too_large", MOST_BYTES))
    if papers_of(application=row).count() >= MOST_PAPERS:
        raise ValidationError(_("最多 %(n)s 份材料，先删一份。") % {"n": MOST_PAPERS})
    try:
        paper = paper_of(data, images_only=kind == "logo")
    except PaperError as error:
        raise ValidationError(refusal_words(error.reason, MOST_BYTES)) from None
    kept = ApplicationPaper.objects.create(
        application=row, kind=kind, media=paper.media, size=len(paper.content),
        content=paper.content,
    )  # fmt: skip
    _record(actor, row, "paper_add", kind)
    return kept


@transaction.atomic
def paper_drop(*, actor: User, application: Application, paper: int) -> None:
    """Take a paper back; nothing happens when it is gone."""
    row = _locked(application, EDIT)
    gone, _rows = papers_of(application=row).filter(pk=paper).delete()
    if gone:
        _record(actor, row, "paper_drop", str(paper))


@transaction.atomic
def application_submit(
    *, actor: User, application: Application, code: str, now: datetime
) -> Application:
    """Send it in, perhaps with an invitation code. Raises ApplicationRefusedError while something
    is missing or the code is no good.
    """
    row = _locked(application, SUBMIT)
    if any(not step.is_done for step in form_steps(filled_of(row))):
        raise ApplicationRefusedError(_("还有没填的，填好再提交。"))
    if code and row.invitation is None:
        row.invitation = _code_used(code, now)
    _move(row, SUBMIT)
    row.submitted_at = row.submitted_at or now
    row.save()
    _tell(row, actor, SUBMIT, "", now)
    return row


def _code_used(code: str, now: datetime) -> InvitationCode:
    found = (
        InvitationCode.objects.select_for_update()
        .filter(code=code.strip().upper(), uses_left__gt=0, valid_until__gte=shanghai_day(now))
        .first()
        if "\x00" not in code
        else None
    )
    if found is None:
        raise ApplicationRefusedError(_("邀请码不对，或已用完、过期。没有邀请码也可以提交。"))
    found.uses_left -= 1
    found.save(update_fields=["uses_left"])
    return found


@transaction.atomic
def application_withdraw(*, actor: User, application: Application, now: datetime) -> None:
    """Take it back before it is decided."""
    row = _locked(application, WITHDRAW)
    _move(row, WITHDRAW)
    row.save()
    _tell(row, actor, WITHDRAW, "", now)


@transaction.atomic
def application_decide(
    *, actor: User, application: Application, move: str, reason: str, note: str, now: datetime
) -> Application:
    """An admin's word: ask for more (with what), approve, or reject with a reason of the list.

    Raises ApplicationRefusedError for another state, a missing note or an unknown reason.
    """
    if move not in (ASK, APPROVE, REJECT):
        raise ApplicationRefusedError(_("请选择怎么处理。"))
    row = _locked(application, move)
    if row.applicant_id == actor.pk:
        raise ApplicationRefusedError(_("不能审核自己的申请。"))
    if move == REJECT and reason not in REASONS:
        raise ApplicationRefusedError(_("请选择驳回理由。"))
    if move != APPROVE and not note.strip():
        raise ApplicationRefusedError(_("写明要补什么，或为什么驳回。"))
    _move(row, move)
    row.reason, row.note = reason if move == REJECT else "", note.strip()
    if move == APPROVE:
        rules = deposit_book().in_force(shanghai_day(now))
        row.deposit_due = entry_due(deposit_rules(rules), row.shop_type, [row.industry])
        row.deposit_rules = f"{rules.id}:{rules.hash}"
    row.save()
    _tell(row, actor, move, row.note, now)
    return row


@transaction.atomic
def invitation_create(
    *, actor: User, uses: int, valid_until: date, note: str, code: str = ""
) -> InvitationCode:
    """Make a code nobody can guess, or the ``code`` of a campaign that wants to be known."""
    code = code or "".join(choice(CODE_SIGNS) for _number in range(CODE_LENGTH))
    made = InvitationCode.objects.create(
        code=code, uses_left=uses, valid_until=valid_until, note=note.strip(),
        created_by=actor.get_username(),
    )  # fmt: skip
    audit_record(
        actor=actor, action="invitation.create", object_type="invitation", object_id=str(made.pk),
        after={"uses": uses, "valid_until": str(valid_until), "note": made.note},
    )  # fmt: skip
    return made


def _locked(application: Application, move: str) -> Application:
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("shop", "applicant")
        .get(pk=application.pk)
    )
    if move not in MOVES[row.state]:
        raise ApplicationRefusedError(_("申请现在的状态不能这样做。"))
    return row


def _move(row: Application, move: str) -> None:
    row.state = MOVES[row.state][move]
    row.version += 1


def _tell(row: Application, actor: User, move: str, note: str, now: datetime) -> None:
    """The event as both sides read it, the audit row, and the notice."""
    ApplicationEvent.objects.create(
        application=row, at=now, actor=actor.get_username(), move=move, note=note
    )
    payload = {"application": row.pk, "move": move}
    notice_put(kind="application", key=f"{row.pk}:{row.version}", payload=payload)
    _record(actor, row, move, note)


def _record(actor: User, row: Application, move: str, note: str) -> None:
    audit_record(
        actor=actor,
        action=f"application.{move}",
        object_type="application",
        object_id=str(row.pk),
        shop=row.shop,
        after={"state": row.state, "version": row.version},
        reason=note,
    )
