"""Steps that journeys of reporters share: photos, sending, reading the receipt."""

from typing import Any

from playwright.sync_api import FilePayload, Page

from tests.factories import jpeg

SEND = "form[data-report] [type=submit]"
CAMERA = "[data-photos] >> nth=0"
TROUBLE = ".errors:visible"


def photo(data: bytes | None = None, name: str = "photo.jpg", kind: str = "image/jpeg") -> FilePayload:
    """Return a file as a phone's camera hands it over."""
    return {"name": name, "mimeType": kind, "buffer": jpeg() if data is None else data}


def begin(page: Page, *, words: str = "冲床没有防护罩") -> None:
    """Open the form and write a sentence; the place comes from the phone."""
    page.goto("/report/")
    page.fill("#description", words)
    page.wait_for_selector("[data-found]:visible")


def add_photos(page: Page, *photos: FilePayload) -> None:
    """Choose photos and wait until they are shown."""
    before = page.locator(".shot:visible").count()
    page.set_input_files(CAMERA, list(photos))
    page.wait_for_function(
        "count => document.querySelectorAll('.shot').length === count", arg=before + len(photos)
    )


def send(page: Page) -> str:
    """Send the tip and return the receipt."""
    page.click(SEND)
    return receipt(page)


def receipt(page: Page) -> str:
    """Return the receipt on the page."""
    code = page.wait_for_selector("[data-code]")
    assert code is not None
    return str(code.get_attribute("data-code"))


def open_progress(page: Page, code: str) -> None:
    """Open the progress with the receipt."""
    page.goto("/status/")
    page.fill("#receipt", code)
    page.click("form[data-status] [type=submit]")
    page.wait_for_selector(".steps")


def kept_on_device(page: Page) -> dict[str, Any]:
    """Return what the browser keeps for this site."""
    found: dict[str, Any] = page.evaluate(
        """async () => ({
          local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie,
          bases: (await indexedDB.databases()).map(({ name }) => name),
          caches: await caches.keys(),
          workers: (await navigator.serviceWorker.getRegistrations()).length,
        })"""
    )
    return found


NOTHING_KEPT = {"local": {}, "session": {}, "cookies": "", "bases": [], "caches": [], "workers": 0}


def wait_for_draft(page: Page, *, field: str, value: str) -> None:
    """Wait until the draft on the phone holds this value."""
    found = page.evaluate(
        """async ([field, value]) => {
          const look = () => new Promise((resolve) => {
            const opening = indexedDB.open("anshao");
            opening.onsuccess = () => {
              const asked = opening.result.transaction("draft").objectStore("draft").get("draft");
              asked.onsuccess = () => { opening.result.close(); resolve(asked.result?.fields ?? []); };
            };
          });
          for (let tries = 0; tries < 100; tries += 1) {
            if ((await look()).some((pair) => pair[0] === field && pair[1] === value)) return true;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          return false;
        }""",
        [field, value],
    )
    assert found
