"""Routes without a person behind them: the vault's key, codes, the check against machines, places."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from ninja import Router

from complaints.enums import (
    IdentityMode,
    Industry,
    Operation,
    Problem,
    TipKind,
    Violation,
)
from complaints.errors import DraftInvalid, FieldProblem
from complaints.rules.places import Datum
from complaints.selectors.offices import DivisionChoice, district_at, division_choices
from complaints.selectors.routing import Body, competent_bodies
from complaints.selectors.vaults import current_vault
from complaints.services.budgets import spend
from portal.shared import captcha, throttle

from . import contract
from .reading import read_json
from .schemas import CodesOut, PlaceIn, PlaceOut, VaultOut

router = Router(tags=["reference"])
CODES_SECONDS = 300


@router.get("/vault", response={200: VaultOut, **contract.errors(503)}, operation_id="read_vault")
def read_vault(request: HttpRequest, response: HttpResponse) -> VaultOut:
    """Return the key to seal names to; 503 when it is not the pinned one."""
    vault = current_vault(pinned=settings.VAULT_FINGERPRINT)
    response.headers["Cache-Control"] = "no-store"
    return VaultOut(
        version=vault.version,
        suite=vault.suite,
        public_key=base64.b64encode(bytes(vault.public_key)).decode(),
        fingerprint=settings.VAULT_FINGERPRINT,
    )


@router.get("/codes", response={200: CodesOut}, operation_id="read_codes")
def read_codes(request: HttpRequest) -> HttpResponse:
    """Return all codes with their names; answers 304 when nothing has changed since."""
    response = JsonResponse(_codes(), json_dumps_params={"ensure_ascii": False})
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={CODES_SECONDS}"
    return get_conditional_response(request, etag=etag, response=response) or response


@router.get(
    "/challenge", response={200: dict[str, Any], **contract.errors(429)}, operation_id="read_challenge"
)
def read_challenge(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Return a proof of work to solve, harder the more are asked for; its payload goes into `captcha` of a tip."""
    spend(request=request, budget=throttle.CHALLENGE)
    response.headers["Cache-Control"] = "no-store"
    return captcha.new_challenge(at=timezone.now(), hardness=throttle.hardness(request=request))


@router.post(
    "/place",
    response={200: PlaceOut, **contract.errors(400, 413, 415, 422, 429)},
    openapi_extra=contract.json_request(PlaceIn),
    operation_id="find_place",
)
def find_place(request: HttpRequest) -> PlaceOut:
    """Return the district a point lies in; the point is not kept."""
    spend(request=request, budget=throttle.PLACE)
    body = read_json(request, PlaceIn)
    found = district_at(lat=_degrees(body, "lat", 90), lng=_degrees(body, "lng", 180), datum=_datum(body))
    if found is None:
        raise DraftInvalid([FieldProblem(field="lat", problem=Problem.OUTSIDE_CITY)])
    return PlaceOut(district=found.code, name=found.shown_name)


def _degrees(body: PlaceIn, name: str, most: int) -> float:
    value: float = getattr(body, name)
    if abs(value) > most:
        raise DraftInvalid([FieldProblem(field=name, problem=Problem.BAD_NUMBER)])
    return value


def _datum(body: PlaceIn) -> Datum:
    if body.datum not in {datum.value for datum in Datum}:
        raise DraftInvalid([FieldProblem(field="datum", problem=Problem.UNKNOWN_CODE)])
    return Datum(body.datum)


def _codes() -> dict[str, object]:
    bodies = competent_bodies()
    return {
        "types": _choices(TipKind.choices),
        "violations": _choices(Violation.choices),
        "industries": [
            {**choice, **_competent(bodies.get(str(choice["code"])))} for choice in _choices(Industry.choices)
        ],
        "operations": _choices(Operation.choices),
        "identity_modes": _choices(IdentityMode.choices),
        "divisions": [_district(row) for row in division_choices()],
    }


def _choices(choices: Iterable[tuple[Any, Any]]) -> list[dict[str, str]]:
    return [{"code": str(code), "label": str(label)} for code, label in choices]


def _competent(body: Body | None) -> dict[str, str | None]:
    if body is None:
        return {"competent_body": None, "competent_phone": None}
    name = body.name_in(language=get_language() or "")
    return {"competent_body": name, "competent_phone": body.phone or None}


def _district(row: DivisionChoice) -> dict[str, object]:
    return {
        "code": row.code,
        "name": row.name,
        "towns": [{"code": code, "name": name} for code, name in row.towns],
    }
