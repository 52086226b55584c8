"""Days in addresses."""

from datetime import date


class DayConverter:
    """A date written YYYY-MM-DD; anything else is no address."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The date. Raises ValueError for a day no calendar has."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The text in the address."""
        return str(value)
