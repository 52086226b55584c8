"""A command lets somebody in again who lost password, phone and backup codes."""

import pytest
from django.core.management import CommandError, call_command
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.models import AuditEntry, User
from tests.operators.second_factor import PAGE, code_at, half_way, now, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("second_factor_asked")]


def test_it_sets_a_password_and_ends_every_session(
    with_app: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = half_way(with_app)
    typed(client, code_at(now()))
    monkeypatch.setenv("NEW_PASSWORD", "a-longer-way-home-7")
    call_command("recover_account", "dora", "--no-input")
    assert client.get("/")["Location"] == "/sign-in/"
    with_app.refresh_from_db()
    assert with_app.check_password("a-longer-way-home-7")
    assert TOTPDevice.objects.count() == 1
    assert "a-longer-way-home-7" not in capsys.readouterr().out


def test_it_forgets_app_and_codes(with_app: User) -> None:
    call_command("recover_account", "dora", "--keep-password", "--second-factor", verbosity=0)
    assert TOTPDevice.objects.count() == StaticToken.objects.count() == 0
    assert "otpauth" in half_way(with_app).get(PAGE).text
    assert AuditEntry.objects.get(action="second_factor.reset").actor.startswith("command:")


def test_other_people_stay_signed_in(with_app: User, alice: User) -> None:
    client = half_way(alice)
    call_command("recover_account", "dora", "--keep-password", "--second-factor", verbosity=0)
    assert client.get("/account/tokens/").status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody", "--no-input"], "nobody called"),
        (["dora", "--no-input"], "No password"),
        (["dora", "--keep-password"], "Nothing to do"),
    ],
)
def test_it_says_what_is_missing(dora: User, words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("recover_account", *words)


def test_a_weak_password_changes_nothing(with_app: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW_PASSWORD", "short")
    with pytest.raises(CommandError):
        call_command("recover_account", "dora", "--no-input", "--second-factor")
    assert TOTPDevice.objects.count() == 1
