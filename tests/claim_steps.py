"""Steps of claims for tests: an approved reward, details as a browser seals them, claiming, paying."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from complaints.crypto import envelope as cipher
from complaints.enums import IdentityMode
from complaints.models import RewardAssessment, RewardClaim, Tip
from complaints.services.claims import claim_reward, show_code
from tests.factories import TODAY, VAULT_FINGERPRINT, VAULT_SEED
from tests.fixtures import City
from tests.reward_steps import Three, approve, fined_tip, fund, propose

NAME, ID_NUMBER, ACCOUNT, BANK = "欧阳若水", "610113199003074477", "6222020200112233445", "长安银行小寨支行"
DETAILS = {"name": NAME, "id_number": ID_NUMBER, "account": ACCOUNT, "bank": BANK}


@dataclass(frozen=True, kw_only=True)
class Approved:
    """A tip with its receipt, and the reward that was approved for it."""

    tip: Tip
    row: RewardAssessment

    @property
    def receipt(self) -> str:
        return str(self.tip.acknowledgement.receipt)  # type: ignore[attr-defined]  # set by the factory

    @property
    def claim(self) -> RewardClaim:
        return RewardClaim.objects.select_related("assessment").get(assessment=self.row)


def approved(
    city: City,
    people: Three,
    *,
    mode: IdentityMode = IdentityMode.REAL_NAME,
    fine: int = 100000,
    **values: Any,
) -> Approved:
    """Return a reward of 15 per cent of a fine, approved in the first district."""
    fund(city.yanta, people.payer)
    tip = fined_tip(fine, **{**identity_of(mode), **values})
    return Approved(tip=tip, row=approve(propose(tip, people.proposer), people.approver))


def identity_of(mode: IdentityMode) -> dict[str, Any]:
    """Return what a tip of this way is sent with."""
    named = {"name": "原举报人", "phone": "13912345678"}
    return {"identity_mode": mode, "identity": named if mode == IdentityMode.REAL_NAME else {}}


def sealed_details(tip: Tip, *, vault: int = 1, binding: str = "", field: str = "claim") -> str:
    """Return the details as the reporter's browser seals them."""
    sealed = cipher.seal_fields(
        public_key=cipher.public_key_of(VAULT_SEED),
        vault=vault,
        binding=binding or tip.number,
        field=field,
        fields=DETAILS,
    )
    return sealed.to_json()


def code_for(tip: Tip, *, today: date = TODAY) -> str:
    """Return the claim code as the reporter is shown it."""
    return show_code(typed=tip.acknowledgement.receipt, number="", today=today).code  # type: ignore[attr-defined]


def claim(tip: Tip, *, code: str = "", today: date = TODAY, **values: Any) -> None:
    """Claim the reward of a tip to an account."""
    given = {
        "typed": tip.acknowledgement.receipt,  # type: ignore[attr-defined]  # set by the factory
        "number": "",
        "code": code,
        "envelope": sealed_details(tip),
        "today": today,
        "vault_fingerprint": VAULT_FINGERPRINT,
    }
    claim_reward(**{**given, **values})
