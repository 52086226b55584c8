"""One step for many cases: each stands or falls by itself."""

from dataclasses import dataclass, field

from aftersales.calc.case_states import IllegalStepError, step_from
from aftersales.case_words import refusal
from aftersales.models import AfterSaleCase
from aftersales.selectors.bulk import Preview, cases_wanted, preview_of
from aftersales.services.cases import Actor, CaseConflictError, Given, case_step
from stores.models import Shop

MOST_CASES = 200
Wanted = list[tuple[str, int]]


@dataclass
class BulkResult:
    """Which cases were done, and which not, with what was raised."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, Exception]] = field(default_factory=list)


def cases_step(*, actor: Actor, shop: Shop, wanted: Wanted, name: str, given: Given) -> BulkResult:
    """Take the step for each (case, version); what cannot be done is listed, the rest is done."""
    result = BulkResult()
    for case_ref, version in wanted[:MOST_CASES]:
        try:
            case_step(
                actor=actor, shop=shop, case_ref=case_ref, version=version, name=name, given=given
            )
        except (IllegalStepError, CaseConflictError, AfterSaleCase.DoesNotExist) as error:
            result.refused.append((case_ref, error))
        else:
            result.done.append(case_ref)
    return result


def step_refusal(case: AfterSaleCase, name: str, given: Given) -> IllegalStepError | None:
    """Why a step would be refused now; None where it would not."""
    try:
        step_from(
            case.state, case.kind, name, reason=given.note, is_extended=case.is_extended,
            has_contact=bool(given.contact_at or case.contacted_at),
        )  # fmt: skip
    except IllegalStepError as error:
        return error
    return None


def bulk_preview(*, shop: Shop, wanted: Wanted, name: str, given: Given) -> Preview:
    """What the step would do for each case. A reason and a contact can still be given."""
    about = cases_wanted(shop=shop, refs=[ref for ref, _ in wanted])
    refusals = {}
    for one in about:
        error = step_refusal(one.case, name, given)
        if error is not None and error.why not in ("reason", "contact"):
            refusals[one.case.external_id] = refusal(error)
    return preview_of(name, about, refusals)
