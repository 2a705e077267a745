"""What decides about each tip of a made city: its number alone, so that the same number gives the same city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

YEARS = 10
# Pages of the same length are compared: even in the small city half of all tips happen in one district, and there are
# enough open and enough closed ones to fill every list of that district.
OPEN_SHARE, LEAST_OPEN = 0.02, 700
WHISTLE_EVERY = 10  # open tips with a town to whistle for them
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit in charge: who works in it, where its tips happen (district and town), its towns with units."""

    office_id: int
    handlers: Sequence[int]
    places: Sequence[tuple[str, str]]
    town_units: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class City:
    """What decides about each tip: its number alone, so that the same number gives the same city."""

    tips: int
    first_key: int
    now: datetime
    today: date
    units: Sequence[Unit]
    busiest: int

    @property
    def numbers(self) -> range:
        """All tips."""
        return range(self.tips)

    @property
    def open_numbers(self) -> range:
        """The tips somebody works on, the newest."""
        return range(self.tips - max(LEAST_OPEN, int(self.tips * OPEN_SHARE)), self.tips)

    def is_open(self, number: int) -> bool:
        """Whether somebody works on the tip."""
        return number >= self.open_numbers.start

    def key(self, number: int) -> int:
        """The primary key of a tip."""
        return self.first_key + number

    def received(self, number: int) -> date:
        """The day a tip came: the open ones within two months, the others over the years."""
        days = (
            number // len(self.units) % 75
            if self.is_open(number)
            else YEARS * 365 * (self.tips - number) // self.tips
        )
        return self.today - timedelta(days=days)

    def unit(self, number: int) -> Unit:
        """The unit in charge: the busiest one for every second round."""
        is_busiest = number // len(self.units) % 2
        return self.units[self.busiest if is_busiest else number % len(self.units)]

    def turn(self, number: int) -> int:
        """How many times all units had their tips before this one: what recurs goes by this."""
        return number // (2 * len(self.units))

    def place(self, number: int) -> tuple[str, str]:
        """District and town."""
        places = self.unit(number).places
        return places[number % len(places)]

    def whistling_town(self, number: int) -> int | None:
        """The town unit whose whistle is open over an open tip."""
        is_one = self.is_open(number) and self.turn(number) % WHISTLE_EVERY == 0
        return self.unit(number).town_units.get(self.place(number)[1]) if is_one else None

    def is_late(self, number: int) -> bool:
        """An overdue tip: the level above looks in, as the daily task has it."""
        return self.is_open(number) and self.received(number) + timedelta(days=60) < self.today

    def name(self, number: int) -> str:
        """The public number of a tip."""
        return f"AS-{self.received(number).year}-{code(number)}"


def code(number: int) -> str:
    """Return six characters, another for each number."""
    text = ""
    for _ in range(6):
        number, rest = divmod(number, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text


def read_city(*, tips: int, now: datetime, busiest: str) -> City:
    """Return the units of the database as they shall get tips; most where the officer `busiest` works."""
    from django.utils import timezone

    from complaints.models import Office, Tip

    newest = Tip.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    offices = Office.objects.exclude(level="town").order_by("pk")
    units = [_unit(office) for office in offices.prefetch_related("divisions", "children__divisions")]
    return City(
        tips=tips,
        first_key=newest + 1,
        now=now,
        today=timezone.localdate(now),
        units=units,
        busiest=_place_of(busiest, offices=[unit.office_id for unit in units]),
    )


def _place_of(username: str, *, offices: list[int]) -> int:
    from complaints.models import Membership

    return offices.index(Membership.objects.get(user__username=username, role="officer").office_id)


def _unit(office: Any) -> Unit:
    from complaints.models import Division

    districts = [one.code for one in office.divisions.all()]
    towns = Division.objects.filter(level="town").order_by("code")
    inside = towns.filter(parent__in=districts) | towns.filter(code__in=districts)
    places = [(one.parent_id or "", one.code) for one in (inside if districts else towns)]
    handlers = office.memberships.filter(role="officer").order_by("pk").values_list("user_id", flat=True)
    below = office.children.all() if office.level == "district" else ()
    return Unit(
        office_id=office.pk,
        handlers=list(handlers),
        places=places,
        town_units={one.code: unit.pk for unit in below for one in unit.divisions.all()},
    )
