"""Takes the pictures of docs/screenshots from a running demo: `.venv/bin/python scripts/screenshots.py [ADDRESS]`.

DATA_DIR must be that of the demo: the code of the officer's authenticator is asked of `manage.py totp`.
"""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Geolocation, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "screenshots"
PLACE: Geolocation = {"latitude": 34.2183, "longitude": 108.9642}
COLOURS = 96
VIEW: ViewportSize = {"width": 360, "height": 740}
SCENE_SIZE: ViewportSize = {"width": 960, "height": 600}
SCENES = ("case-fenchen", "case-gaochu")
DESK: ViewportSize = {"width": 1366, "height": 768}
OFFICER, PASSWORD = "zhaomin", "anshao-demo-2026"  # of the demo data, known to everybody


def main() -> None:
    """Picture the first page and the desk, then send one tip from a phone."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        phone = browser.new_context(
            base_url=base,
            viewport=VIEW,
            locale="zh-CN",
            geolocation=PLACE,
            permissions=["geolocation"],
        )
        take(page=phone.new_page())
        take_desk(browser=browser, base=base)
        browser.close()


def take_desk(*, browser: Browser, base: str) -> None:
    """Picture the first page on a wide screen, then the inbox of a district officer."""
    page = browser.new_page(base_url=base, viewport=DESK, locale="zh-CN")
    page.goto("/")
    write(data=page.screenshot(), name="home-1366")
    page.goto("/admin/tips/")
    page.fill("[name=login]", OFFICER)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", code_of(OFFICER))
    page.press("[name=code]", "Enter")
    page.wait_for_selector("table.listing")
    page.wait_for_load_state("networkidle")
    write(data=page.screenshot(), name="inbox-1366")
    page.click("td.as-c-title a >> nth=3")
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    write(data=page.screenshot(), name="tip-1366")


def code_of(username: str) -> str:
    """Return the code the demo account's authenticator shows now."""
    command = [sys.executable, "manage.py", "totp", username]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def take(*, page: Page) -> None:
    """Walk from the form to the progress page."""
    photos = [photo(page=page, scene=scene) for scene in SCENES]
    page.goto("/report/")
    page.set_input_files("[data-photos] >> nth=0", photos)
    page.wait_for_selector("[data-found]:visible")
    page.check(".tile input[value=dust]")
    keep(page=page, name="form")
    page.click("form[data-report] [type=submit]")
    page.wait_for_selector("[data-code]")
    keep(page=page, name="receipt")
    code = page.get_attribute("[data-code]", "data-code") or ""
    page.check("[data-kept]")
    page.goto("/status/")
    page.fill("#receipt", code)
    page.click("form[data-status] [type=submit]")
    page.wait_for_selector(".steps")
    keep(page=page, name="status")


def photo(*, page: Page, scene: str) -> FilePayload:
    """Return one of the drawn scenes as a photo: never a real place."""
    page.set_viewport_size(SCENE_SIZE)
    page.goto(f"/static/img/{scene}.svg")
    data = page.screenshot(type="jpeg", quality=90)
    page.set_viewport_size(VIEW)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data}


def keep(*, page: Page, name: str) -> None:
    """Write the whole page as a small PNG."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.mouse.move(0, 0)
    page.set_viewport_size({**VIEW, "height": height})
    write(data=page.screenshot(), name=f"{name}-360")
    page.set_viewport_size(VIEW)


def write(*, data: bytes, name: str) -> None:
    """Write a picture with few colours, so that the repository stays small."""
    image = Image.open(BytesIO(data))
    image.convert("RGB").quantize(COLOURS).save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
