"""Picture every page at three widths, light and dark: `make screenshots` (ARGS="--out DIR --language en").

Shows what was published last, on loopback. The pictures of the docs are made with --docs: small ones, of few pages.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import waitress
from playwright.sync_api import BrowserContext, sync_playwright

from analytics.kpi_catalog import load_indicators
from analytics.settings import load_settings
from dashboards.app import create_app
from dashboards.pages import PAGES

DOCS = Path(__file__).parents[1] / "docs" / "pictures"
WIDTHS = (1440, 1024, 390)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def served() -> Iterator[str]:
    """Serve the published warehouse on a free port of loopback."""
    settings = load_settings()
    app = create_app(
        settings.warehouse, settings.inbox_url, settings.timezone,
        leave_out=settings.flags.leave_out, indicators=load_indicators(settings.kpis_folder),
    )  # fmt: skip
    server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def picture(context: BrowserContext, path: str, file: Path, *, whole: bool) -> None:
    """Write the page at `path` to `file`: all of it, or what is seen without scrolling."""
    tab = context.new_page()
    tab.goto(path)
    tab.wait_for_selector("#page .card, #page .empty", timeout=60_000)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(600)  # charts draw themselves after their data came
    tab.screenshot(path=file, full_page=whole)
    tab.close()
    sys.stderr.write(f"{file}\n")


def main() -> None:
    """Read the arguments and write the pictures."""
    found = _arguments()
    widths = (1440, 390) if found.docs else WIDTHS
    looks = ("light",) if found.docs else ("light", "dark")
    found.out.mkdir(parents=True, exist_ok=True)
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for width in widths:
            for look in looks:
                context = browser.new_context(
                    viewport={"width": width, "height": 900 if width > 400 else 844}, base_url=base
                )
                cookies = {"kesheng-scheme": look, "kesheng-language": found.language}
                context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
                for page in PAGES:
                    name = page.path.strip("/") or "overview"
                    picture(context, page.path, found.out / f"{name}-{width}-{look}.png", whole=not found.docs)
                context.close()
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("var/screenshots"))
    parser.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    parser.add_argument("--docs", action="store_true", help="the pictures of docs/dashboards.md")
    found = parser.parse_args()
    if found.docs:
        found.out = DOCS
    return found


if __name__ == "__main__":
    main()
