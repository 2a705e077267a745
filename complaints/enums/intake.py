"""Codes of what is reported, where, how and by whom."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TipKind(TextChoices):
    """What is reported (106号)."""

    MAJOR_HAZARD = "major_hazard", _("Major accident hazard")
    VIOLATION = "violation", _("Breach of work-safety law")
    CONCEALED_ACCIDENT = "concealed_accident", _("Concealed or falsely reported accident")
    GENERAL_HAZARD = "general_hazard", _("Ordinary accident hazard")
    RETALIATION = "retaliation", _("Retaliation against a reporter")


class Violation(TextChoices):
    """Sub-types of a breach of the law."""

    NO_LICENCE = "no_licence", _("No permit or licence")
    THREE_SIMULTANEITIES = "three_simultaneities", _("Safety facilities not built together with the works")
    UNLAWFUL_CONTRACTING = "unlawful_contracting", _("Unlawful contracting, subcontracting or letting")
    OBSOLETE_EQUIPMENT = "obsolete_equipment", _("Process or equipment banned as obsolete")
    NO_SAFETY_SYSTEM = "no_safety_system", _("Safety organisation or rules missing")
    UNTRAINED = "untrained", _("Untrained workers or special work without a certificate")
    FALSE_CERTIFICATE = "false_certificate", _("False certificate by a technical service body")
    OTHER = "other", _("Other")


class Industry(TextChoices):
    """Industries, those within the bureau's remit first."""

    COAL_MINE = "coal_mine", _("Coal mining")
    NON_COAL_MINE = "non_coal_mine", _("Metal and non-metal mining")
    PETROLEUM = "petroleum", _("Oil and gas extraction")
    CHEMICAL = "chemical", _("Chemicals")
    PHARMACEUTICAL = "pharmaceutical", _("Pharmaceuticals")
    HAZARDOUS_CHEMICALS = "hazardous_chemicals", _("Hazardous chemicals")
    FIREWORKS = "fireworks", _("Fireworks")
    METALLURGY = "metallurgy", _("Metallurgy")
    NONFERROUS = "nonferrous", _("Non-ferrous metals")
    BUILDING_MATERIALS = "building_materials", _("Building materials")
    MACHINERY = "machinery", _("Machinery")
    LIGHT_INDUSTRY = "light_industry", _("Light industry")
    TEXTILE = "textile", _("Textiles")
    TOBACCO = "tobacco", _("Tobacco")
    COMMERCE = "commerce", _("Commerce and trade")
    TECHNICAL_SERVICES = "technical_services", _("Safety assessment, testing and inspection bodies")
    ROAD_TRANSPORT = "road_transport", _("Road traffic")
    CONSTRUCTION = "construction", _("Building construction")
    CITY_GAS = "city_gas", _("City gas")
    WATER_TRANSPORT = "water_transport", _("Shipping")
    FISHING = "fishing", _("Fishing vessels")
    AVIATION = "aviation", _("Civil aviation")
    RAILWAY = "railway", _("Railways")
    CIVIL_EXPLOSIVES = "civil_explosives", _("Civil explosives")
    POWER = "power", _("Electric power")
    SPECIAL_EQUIPMENT = "special_equipment", _("Special equipment")
    FIRE_SAFETY = "fire_safety", _("Fire safety")
    ENVIRONMENT = "environment", _("Environment")


# Industries outside the bureau's remit and who answers for them (106号).
COMPETENT_BODIES: Mapping[Industry, "str | Promise"] = {
    Industry.ROAD_TRANSPORT: _("traffic police, transport"),
    Industry.CONSTRUCTION: _("housing and construction"),
    Industry.CITY_GAS: _("housing and construction, urban management"),
    Industry.WATER_TRANSPORT: _("maritime safety"),
    Industry.FISHING: _("agriculture"),
    Industry.AVIATION: _("civil aviation"),
    Industry.RAILWAY: _("railways"),
    Industry.CIVIL_EXPLOSIVES: _("industry and information"),
    Industry.POWER: _("energy"),
    Industry.SPECIAL_EQUIPMENT: _("market regulation"),
    Industry.FIRE_SAFETY: _("fire and rescue 96119"),
    Industry.ENVIRONMENT: _("ecology and environment"),
}


class Operation(TextChoices):
    """Dangerous operations; the first four are the campaign of the work plan (要点 cl.10)."""

    HOT_WORK = "hot_work", _("Hot work")
    CONFINED_SPACE = "confined_space", _("Confined space")
    DUST = "dust", _("Combustible dust")
    AMMONIA = "ammonia", _("Ammonia refrigeration")
    HEIGHT = "height", _("Work at height")
    LIFTING = "lifting", _("Lifting")
    TEMPORARY_POWER = "temporary_power", _("Temporary power")
    EXCAVATION = "excavation", _("Excavation")
    ROAD_CUTTING = "road_cutting", _("Road closure")
    BLIND_PLATE = "blind_plate", _("Blind plate work")
    MOLTEN_METAL = "molten_metal", _("Molten metal")
    GAS = "gas", _("Coal gas")
    BLASTING = "blasting", _("Blasting")
    DEEP_PIT = "deep_pit", _("Deep foundation pit")


class Channel(TextChoices):
    """How a tip arrived."""

    PORTAL = "portal", _("Portal")
    SNAP = "snap", _("Snap tip")
    MINIPROGRAM = "miniprogram", _("Mini program")
    APP = "app", pgettext_lazy("channel", "App")
    HOTLINE_12350 = "hotline_12350", _("Hotline 12350")
    HOTLINE_12345 = "hotline_12345", _("Hotline 12345")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Visit")
    TRANSFER = "transfer", _("Transferred in")
    INSPECTION = "inspection", _("Inspection")


class IdentityMode(TextChoices):
    """How much of the reporter exists in the system."""

    ANONYMOUS = "anonymous", _("Anonymous")
    ANONYMOUS_WITH_CODE = "anonymous_with_code", _("Anonymous, may collect a reward")
    REAL_NAME = "real_name", _("Real name")


class DeclineReason(TextChoices):
    """Coded reasons for not taking a tip (106号)."""

    NOT_WORK_SAFETY = "not_work_safety", _("Not a matter of work safety")
    NOT_OURS = "not_ours", _("Not within this department's duties")
    NO_FACTS = "no_facts", _("No identifiable unit or facts")
    DUPLICATE = "duplicate", _("Repeated without new facts")
    OTHER_PROCEDURE = "other_procedure", _("Advice, disclosure, reconsideration, lawsuit or petition")
    OTHER = "other", _("Other")


class Direction(TextChoices):
    """Who speaks in a message."""

    FROM_REPORTER = "from_reporter", _("From the reporter")
    TO_REPORTER = "to_reporter", _("To the reporter")


class SealedBy(TextChoices):
    """Where an identity was sealed."""

    BROWSER = "browser", _("On the reporter's device")
    SERVER = "server", _("On the server, in memory")
