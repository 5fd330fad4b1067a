"""A shop owner connects a shop: the whole wizard on the real services, against the simulator, to a paid shilling."""

import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.bootstrap.settings_services.build import build_settings_services
from pos_app.check_result import Status
from pos_app.domain.search import Search
from pos_app.sales.test_payment import AMOUNT
from pos_app.settings.choices import Environment
from pos_app.settings.settings import load
from pos_app.simulator import Choice, Simulator, SimulatorOptions
from pos_app.store.database import open_database
from pos_app.ui.settings.callback_section import CallbackSection
from pos_app.ui.settings.mpesa_section import MpesaSection
from pos_app.ui.settings.test_payment_section import PaymentTestSection
from pos_app.ui.settings.wizard import SetupWizard, WizardEnd
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.vault.vault import Vaults
from tests.callbacks.posing import AUTH_TOKEN, Agent
from tests.ui.settings.walker import Walker

KEY, SECRET, PASSKEY = "canary-key-Zq81", "canary-secret-Wm52", "canary-passkey-Xt63"
OWNER, FILE = "canary owner 77", "canary file 88"
PHONE, MSISDN = "0712345678", "254712345678"
WAIT = 20_000  # ms: scrypt, a tunnel and a payment take their time on a busy machine

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # pyngrok's


@pytest.fixture
def mpesa() -> Iterator[Simulator]:
    options = SimulatorOptions(
        customer=None, delay=0.1, consumer_key=KEY, consumer_secret=SECRET, passkey=PASSKEY, shortcode="600123"
    )
    with Simulator(options) as simulator:
        simulator.script(MSISDN, Choice.PIN)
        yield simulator


@pytest.fixture
def environ(mpesa: Simulator) -> dict[str, str]:
    return {"POS_DARAJA_URL": mpesa.url, "POS_ENVIRONMENT": "sandbox"}


@pytest.fixture
def walker(tmp_path: Path, environ: dict[str, str], qapp: QApplication, qtbot: QtBot) -> Iterator[Walker]:
    ThemeManager(qapp, Scheme.LIGHT).apply()
    tasks = Tasks()
    services = build_settings_services(tmp_path / "shop", Vaults(environ), environ)
    wizard = SetupWizard(services, tasks)
    yield Walker(wizard, qtbot, patience=WAIT)
    services.till.close()
    tasks.close(wait=20)
    delete(wizard)


def to_mpesa(walker: Walker) -> None:
    walker.goes_on("shopSection")
    walker.type(shopName="Mama Njeri Shop", receiptLines="Moi Avenue\nNairobi")
    walker.goes_on("serverSection")
    walker.goes_on("ownerSection")
    walker.type(ownerNew=OWNER, ownerAgain=OWNER)
    walker.click("setupNext")
    walker.writes_down()
    walker.arrives("mpesaSection")
    walker.click("environment-sandbox")
    walker.arrives()
    walker.type(shortcode="600 123", tillNumber="512 345", consumer_key=f' "{KEY}" ', consumer_secret=SECRET)
    walker.type(passkey=PASSKEY)
    walker.click("keepIn-file")
    walker.type(filePassphrase=FILE, fileAgain=FILE)


def tries(walker: Walker, button: str) -> dict[str, Status]:
    """Press a button that tries; gives what it found."""
    section = walker.wizard.section
    assert isinstance(section, MpesaSection | CallbackSection)
    walker.click(button)
    walker.until(lambda: bool(section.results.lines))
    walker.arrives()
    return {line.name: line.status for line in section.results.lines}


def pays_a_shilling(walker: Walker, qtbot: QtBot, folder: Path) -> None:
    walker.goes_on("testPaymentSection")
    section = walker.wizard.section
    assert isinstance(section, PaymentTestSection)
    assert section.trouble == ""
    walker.type(phone=PHONE)
    walker.until(lambda: walker.part("askTrial").isEnabled())
    walker.click("askTrial")
    walker.until(lambda: section.paid)
    with qtbot.waitSignal(walker.wizard.ended, timeout=WAIT) as ended:
        walker.click("setupNext")
    assert ended.args == [WizardEnd.FINISHED]
    settings = load(folder, False, {})
    assert (settings.environment, settings.shop_name) == (Environment.SANDBOX, "Mama Njeri Shop")
    assert (settings.shortcode, settings.till_number) == ("600123", "512345")
    database = open_database(settings.database, settings.environment)
    payment = database.reader.search(Search())[0]
    database.close()
    assert (payment.amount, payment.granted) == (AMOUNT, True)
    assert payment.receipt


def leaks(folder: Path) -> list[str]:
    """Where a secret can be read: any file of the shop, any command line of ours."""
    canaries = [KEY, SECRET, PASSKEY, OWNER, FILE, AUTH_TOKEN]
    us = psutil.Process()
    told = {f"process {child.pid}": " ".join(child.cmdline()).encode() for child in [us, *us.children(recursive=True)]}
    told |= {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [f"{canary} in {where}" for where, said in told.items() for canary in canaries if canary.encode() in said]


def test_from_a_fresh_install_to_a_paid_shilling_at_an_address_of_ones_own(
    walker: Walker, qtbot: QtBot, tmp_path: Path
) -> None:
    to_mpesa(walker)
    found = tries(walker, "testConnection")
    assert found == dict.fromkeys(["Connection", "Keys", "Number and passkey", "Clock"], Status.GREEN)
    walker.goes_on("callbackSection")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    walker.click("callbackMode-url")
    walker.type(publicUrl=f"http://127.0.0.1:{port}", listenPort=str(port))
    assert tries(walker, "testRoute") == {"Results": Status.GREEN}
    pays_a_shilling(walker, qtbot, tmp_path / "shop")
    assert leaks(tmp_path / "shop") == []


def test_the_same_through_ngrok(walker: Walker, qtbot: QtBot, tmp_path: Path, agent: Agent) -> None:
    to_mpesa(walker)
    walker.goes_on("callbackSection")
    walker.click("callbackMode-ngrok")
    walker.type(ngrokPath=str(agent.path), ngrokToken=AUTH_TOKEN)
    assert tries(walker, "testRoute") == {"Results": Status.GREEN}
    pays_a_shilling(walker, qtbot, tmp_path / "shop")
    assert leaks(tmp_path / "shop") == []


def test_wrong_keys_and_a_wrong_passkey_are_told_apart(walker: Walker) -> None:
    to_mpesa(walker)
    walker.type(passkey="another-passkey")
    found = tries(walker, "testConnection")
    assert (found["Keys"], found["Number and passkey"]) == (Status.GREEN, Status.RED)
    walker.type(consumer_secret="another-secret")
    found = tries(walker, "testConnection")
    assert (found["Keys"], found["Number and passkey"]) == (Status.RED, Status.AMBER)


def test_a_till_number_where_the_store_number_belongs(walker: Walker) -> None:
    to_mpesa(walker)
    walker.type(shortcode="512345", tillNumber="600123")
    assert tries(walker, "testConnection")["Number and passkey"] is Status.RED


def test_a_probe_that_reaches_nobody_is_red_and_the_page_can_still_be_kept(walker: Walker) -> None:
    to_mpesa(walker)
    walker.goes_on("callbackSection")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    walker.click("callbackMode-url")
    walker.type(publicUrl=f"http://127.0.0.1:{port}", listenPort="0")
    assert tries(walker, "testRoute") == {"Results": Status.RED}
    walker.goes_on("testPaymentSection")
