"""How the people of the demo want to be told: each of them chose something else."""

from stores.models import Channel, Level, User
from stores.services.channels import choices_set


def channels_choose(*, owner: User, ops: User, admin: User) -> None:
    """Write what they chose. Call it in a transaction."""
    choices_set(
        user=owner,
        levels={
            ("weekly_digest", Channel.EMAIL): Level.ALL,
            ("import_finished", Channel.EMAIL): Level.OFF,
        },
    )
    choices_set(user=ops, levels={("import_finished", Channel.EMAIL): Level.URGENT})
    choices_set(user=admin, levels={("application", Channel.EMAIL): Level.ALL})
