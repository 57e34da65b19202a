"""The running product for browser tests: `manage.py up` itself, a real SMTP server, a browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
PASSWORD = "lapasprog-demo"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Mailbox:
    """A real SMTP server that keeps what it is given."""

    def __init__(self):
        self.messages = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=default)
        self.messages.append((envelope.rcpt_tos[0], message))
        return "250 OK"

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"

    def to(self, address):
        return [message for recipient, message in self.messages if recipient == address]

    def wait_for(self, address, text, seconds=40):
        """The first mail to `address` whose text holds `text`; fails after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.to(address):
                if text in message["Subject"] + message.get_content():
                    return message
            time.sleep(0.3)
        raise AssertionError(f"no mail to {address} with {text!r} within {seconds} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """`manage.py up` with a data folder of its own; `settings` are environment variables."""

    def __init__(self, folder, mailbox, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name
            not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        environment |= {
            "LAPASPROG_VAR": str(folder),
            "PORT": str(self.port),
            "EMAIL_URL": mailbox.url,
            "SWEEP_SECONDS": "5",
            "DELIVER_SECONDS": "2",
            **settings,
        }
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self):
        """The lines that `up` printed: the address when it is ready, and the accounts."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Stop with"):
                return "".join(lines)
        raise AssertionError("the product did not start:\n" + "".join(lines))

    def manage(self, *arguments):
        """Run one command beside the running product; its output."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return result.stdout

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def browser_options():
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {"executable_path": found, "args": quiet}


class Visitor:
    """Somebody at one browser window, not signed in; `phone` is 360 px wide."""

    def __init__(self, browser, product, *, phone=False):
        size = {"width": 360, "height": 740} if phone else {"width": 1280, "height": 860}
        self.context = browser.new_context(viewport=size, base_url=product.url, locale="id-ID")
        self.page = self.context.new_page()
        self.problems = []
        self.page.on(
            "console",
            lambda message: message.type == "error" and self.problems.append(message.text),
        )
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for(timeout=15_000)

    def press(self, name):
        """Press the button or follow the link with this name."""
        button = self.page.get_by_role("button", name=name, exact=False)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=False)
        target.first.click()
        self.page.wait_for_load_state()

    def shows(self, name):
        """A screenshot, and the page's promises: no axe violation, no side-scrolling, no errors."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
        report = Axe().run(self.page)
        assert report.violations_count == 0, report.generate_report()
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{name} is {width} px wider than the window"
        serious = [text for text in self.problems if "422" not in text]
        assert not serious, serious


class Person(Visitor):
    """One user, signed in."""

    def __init__(self, browser, product, email, *, phone=False):
        super().__init__(browser, product, phone=phone)
        self.page.goto("/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{product.url}/")
