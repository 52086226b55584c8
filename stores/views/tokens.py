"""The tokens a person gave to programs."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stores.access import FORM, WRITE, SignedInRequest, signed_in
from stores.forms import TokenForm
from stores.selectors.tokens import tokens_of
from stores.services.tokens import token_create, token_revoke


@signed_in(methods=FORM)
def tokens(request: SignedInRequest) -> HttpResponse:
    """List the tokens and make new ones. A secret is in the answer to its own form and never again:
    it is not kept, so there is nothing to redirect to.
    """
    form = TokenForm(request.POST or None)
    secret = _made(request, form) if form.is_valid() else ""
    context = {
        "form": TokenForm() if secret else form,
        "secret": secret,
        "tokens": tokens_of(user=request.user),
        "now": timezone.now(),
    }
    return render(request, "account/tokens.html", context)


def _made(request: SignedInRequest, form: TokenForm) -> str:
    """The secret of a new token; empty, with the reason in the form, when there is none."""
    try:
        _token, secret = token_create(user=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return ""
    return secret


@signed_in(methods=WRITE)
def token_end(request: SignedInRequest, token: int) -> HttpResponse:
    """End one of the person's tokens."""
    found = tokens_of(user=request.user).filter(pk=token).first()
    if found is None:
        raise Http404
    token_revoke(actor=request.user, token=found)
    return redirect("tokens")
