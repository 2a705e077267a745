"""The API object: its routes, its refusals, and no documentation page that loads from elsewhere."""

from ninja import NinjaAPI

from portal.shared import api_routers

from . import figures, inside, reference, refusals, rewards, tips

api = NinjaAPI(
    title="安哨 Anshao",
    version="1",
    urls_namespace="anshao_api",
    docs_url=None,
    description=(
        "Anonymous tips about dangers at work. Errors are {code, message, fields}, in Chinese, or in English "
        "with Accept-Language: en. No cookies, no accounts: the receipt is the only key."
    ),
)
api.add_router("", tips.router)
api.add_router("", inside.router)
api.add_router("", reference.router)
api.add_router("", rewards.router)
api.add_router("", figures.router)
for path in api_routers.registered():
    api.add_router("", path)
refusals.install(api)
