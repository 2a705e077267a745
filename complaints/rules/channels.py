"""By when which industries must have an internal way to report (7号), as far as it is known; rows replace it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from complaints.enums import Industry

# 应急管理部, 2024-08-20: fourteen fields by the end of June 2025, all others by the end of that year. [?] The wording
# of the rule was not read: neither the last day nor which trades each of the fourteen holds.
FIRST_STAGE = date(2025, 6, 30)
SOURCE = "安委〔2024〕7号；据应急管理部 2024-08-20 新闻发布会"
# What was named aloud of the fourteen: 煤矿 非煤矿山 危险化学品 烟花爆竹 建筑施工 交通运输 燃气 工贸 民用爆炸物品.
# 工贸 are the eight trades; 化工 is counted with 危险化学品, as inspections do. The other five of the fourteen stand in
# reprints nobody answers for; they are left out rather than held against a company, and the page says so.
NAMED: tuple[Industry, ...] = (
    Industry.COAL_MINE,
    Industry.NON_COAL_MINE,
    Industry.HAZARDOUS_CHEMICALS,
    Industry.CHEMICAL,
    Industry.FIREWORKS,
    Industry.METALLURGY,
    Industry.NONFERROUS,
    Industry.BUILDING_MATERIALS,
    Industry.MACHINERY,
    Industry.LIGHT_INDUSTRY,
    Industry.TEXTILE,
    Industry.TOBACCO,
    Industry.COMMERCE,
    Industry.CONSTRUCTION,
    Industry.ROAD_TRANSPORT,
    Industry.WATER_TRANSPORT,
    Industry.RAILWAY,
    Industry.AVIATION,
    Industry.CITY_GAS,
    Industry.CIVIL_EXPLOSIVES,
)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The last day of an industry, where it comes from, and whether somebody held it against the rule's wording."""

    industry: Industry
    due_date: date
    source: str
    is_verified: bool


def duties(rows: Mapping[str, Duty]) -> list[Duty]:
    """Return every duty, the first day first: what was entered, and the default where nothing was.

    Args:
        rows: the duties that were entered, by the code of the industry.
    """
    known = {one: Duty(industry=one, due_date=FIRST_STAGE, source=SOURCE, is_verified=False) for one in NAMED}
    order = list(Industry)
    found = {**known, **{Industry(code): duty for code, duty in rows.items() if code in Industry.values}}
    return sorted(found.values(), key=lambda duty: (duty.due_date, order.index(duty.industry)))
