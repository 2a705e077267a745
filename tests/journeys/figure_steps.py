"""A year of work in thirteen districts for journeys through figures."""

import random
from datetime import date

from complaints.enums import Result
from complaints.models import Division
from complaints.rules.spans import month_row, span_of
from complaints.services.freezing import freeze
from tests.complaints.stats.rows import conclude, tips
from tests.factories import noon
from tests.fixtures import City, load_divisions

NUMBERS = ("02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "22", "24")
DISTRICTS = {f"6101{number}" for number in NUMBERS}
CLOSED = "2026Q1"
OPERATIONS = ("dust", "confined_space", "hot_work", "height", "ammonia")


def year_of_work(city: City) -> None:
    """Store twelve months up to March 2026 and close the first quarter of 2026, the months before it as well."""
    load_divisions(districts=DISTRICTS)
    chance = random.Random(3)
    codes = list(Division.objects.filter(level="district").values_list("code", flat=True))
    for month in month_row(last=date(2026, 3, 31)):
        for place, code in enumerate(codes):
            _work(
                city, chance, day=month.start, district=code, many=chance.randrange(4 * place, 9 * place + 9)
            )
    for code in (*(month.code for month in month_row(last=date(2025, 12, 31), many=9)), CLOSED):
        freeze(span=span_of(code), at=noon(date(2026, 4, 10)))


def _work(city: City, chance: random.Random, *, day: date, district: str, many: int) -> None:
    rows = tips(
        many,
        unit=chance.choice([city.yanta, city.lianhu, city.zone]),
        day=day,
        district_id=district,
        operations=chance.sample(OPERATIONS, 2),
        kind="major_hazard",
        industry=chance.choice(["chemical", "metallurgy", "commerce"]),
    )
    half, most = many // 2, many * 3 // 4
    conclude(rows[:half], started=day, days=chance.randrange(5, 26), result=Result.TRUE)
    conclude(rows[half:most], started=day, days=chance.randrange(9, 27), result=Result.FALSE)
