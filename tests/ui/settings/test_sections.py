"""Each page by itself: what it shows, what it keeps, what it refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.check_result import Finding, Status
from pos_app.errors import SettingsError
from pos_app.ui.preferences import Chosen, Preferences
from pos_app.ui.settings.appearance_section import AppearanceSection
from pos_app.ui.settings.callback_section import CallbackSection
from pos_app.ui.settings.computer_section import ComputerSection
from pos_app.ui.settings.mpesa_section import MpesaSection
from pos_app.ui.settings.owner_section import OwnerSection
from pos_app.ui.settings.printer_section import PrinterSection
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.service import AccountChoice, KeyStore, PrinterChoice, RouteChoice
from pos_app.ui.settings.shop_section import ShopSection
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.ui.parts import part
from tests.ui.settings.service import EMPTY, MemorySettings
from tests.ui.settings.walker import Owner

Show = Callable[[Section], Owner]
PASSPHRASE = "mama njeri 1987"


@pytest.mark.parametrize(
    ("card", "told"), [("textSize-larger", ["text_size", "larger"]), ("colours-dark", ["colours", "dark"])]
)
def test_the_appearance_is_shown_at_once_and_kept(
    memory: MemorySettings, tasks: Tasks, show: Show, qtbot: QtBot, card: str, told: list[str]
) -> None:
    memory.now = replace(EMPTY, text_size="large")
    section = AppearanceSection(memory.services.shop, tasks)
    owner = show(section)
    with qtbot.waitSignal(section.appearance_chosen) as chosen:
        owner.click(card)
    assert chosen.args == told
    owner.keeps(section)
    assert getattr(memory.now, told[0]) == told[1]


def test_sounds_and_the_display_count_as_soon_as_they_are_chosen(tasks: Tasks, show: Show) -> None:
    preferences = Preferences(Chosen(sounds="quiet", customer_display="on", customer_screen="HDMI-9"))
    told: list[tuple[str, str]] = []
    preferences.changed.connect(lambda name, value: told.append((name, value)))
    section = ComputerSection(preferences, tasks)
    owner = show(section)
    sounds, display = part(section, ChoiceButton, "sounds"), part(section, ChoiceButton, "customerDisplay")
    assert (sounds.choice, display.choice) == ("Quiet", "Only on HDMI-9 (not connected)")
    assert told == []
    sounds.choose("Loud")
    display.choose("No customer display")
    assert told == [("sounds", "loud"), ("customer_screen", ""), ("customer_display", "off")]
    owner.keeps(section)
    assert len(told) == 3


def test_both_names_and_the_paper_are_kept(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName="Mama Njeri Shop", registeredName=" NJERI WANJIRU  ENTERPRISES ")
    owner.click("paperWidth-58")
    owner.keeps(section)
    assert memory.now.registered_name == "NJERI WANJIRU ENTERPRISES"
    assert memory.now.paper_width == "58"


@pytest.mark.parametrize("field", ["shopName", "registeredName"])
def test_a_long_name_is_said_while_typing_and_never_cut(
    memory: MemorySettings, tasks: Tasks, show: Show, field: str
) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName="Duka")
    owner.type(**{field: "M" * 81})
    assert owner.reads(field) == "M" * 81
    said = [label.text() for label in section.findChildren(QLabel)]
    assert "This name has 81 letters and 80 fit: take 1 out." in said
    assert "take 1 out" in owner.is_refused(section)
    assert owner.reads(field) == "M" * 81
    owner.type(**{field: "Mwangaza wa Ukunda Hardware and General Supplies"})
    assert "This name has 81 letters and 80 fit: take 1 out." not in [
        label.text() for label in section.findChildren(QLabel)
    ]
    owner.keeps(section)
    kept = {"shopName": memory.now.shop_name, "registeredName": memory.now.registered_name}
    assert kept[field] == "Mwangaza wa Ukunda Hardware and General Supplies"


def test_a_name_longer_than_a_narrow_receipt_is_told_so(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName="Mama Njeri Hardware and Supplies")
    assert not any("more than one line" in label.text() for label in section.findChildren(QLabel))
    owner.type(shopName="Mama Njeri Hardware and Supplies!")
    assert any("33 letters: more than one line" in label.text() for label in section.findChildren(QLabel))


def test_the_shop_is_kept_without_stray_blanks(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName="  Mama   Njeri ", receiptLines="\n Moi Avenue \n\nNairobi\n")
    owner.keeps(section)
    assert memory.now.shop_name == "Mama Njeri"
    assert memory.now.receipt_lines == ("Moi Avenue", "Nairobi")


@pytest.mark.parametrize(
    ("name", "lines", "words"), [("  ", "", "name of your shop"), ("Duka", "1\n2\n3\n4\n5", "4 lines")]
)
def test_a_shop_needs_a_name_and_few_lines(
    memory: MemorySettings, tasks: Tasks, show: Show, name: str, lines: str, words: str
) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName=name, receiptLines=lines)
    assert words in owner.is_refused(section)
    assert memory.now == EMPTY


def test_what_cannot_be_kept_is_said_and_everything_typed_stays(
    memory: MemorySettings, tasks: Tasks, show: Show
) -> None:
    section = ShopSection(memory.services.shop, tasks)
    owner = show(section)
    owner.type(shopName="Duka")
    memory.refuse = SettingsError("The settings file cannot be written. The old settings stay.")
    assert "old settings stay" in owner.is_refused(section)
    assert owner.reads("shopName") == "Duka"
    memory.refuse = None
    owner.keeps(section)
    assert section.trouble == ""


def test_nothing_can_be_typed_before_what_is_set_is_there(memory: MemorySettings, tasks: Tasks, theme: object) -> None:
    section = ShopSection(memory.services.shop, tasks)
    section.load()
    edit = section.findChild(QLineEdit, "shopName")
    assert edit is not None
    assert not edit.isEnabled()


def test_the_owner_chooses_a_passphrase_typed_twice(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = OwnerSection(memory.services.owner, tasks)
    owner = show(section)
    assert not owner.sees("ownerOld")
    owner.type(ownerNew=PASSPHRASE, ownerAgain="mama njeri 1978")
    assert "not the same" in owner.is_refused(section)
    owner.type(ownerAgain=PASSPHRASE)
    owner.keeps_and_writes_down(section)
    assert memory.passphrase == PASSPHRASE
    assert owner.reads("ownerNew") == owner.reads("ownerAgain") == ""


def test_where_there_is_one_only_the_owner_goes_on(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.passphrase = PASSPHRASE
    section = OwnerSection(memory.services.owner, tasks)
    owner = show(section)
    assert not owner.sees("ownerNew")
    owner.type(ownerOld="guess")
    assert "not the owner's" in owner.is_refused(section)
    owner.type(ownerOld=PASSPHRASE)
    owner.keeps(section)
    section.load()
    owner.settles(section)
    assert not owner.sees("ownerOld")
    owner.keeps(section)


def test_the_owner_changes_the_passphrase(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.passphrase = PASSPHRASE
    section = OwnerSection(memory.services.owner, tasks, change=True)
    owner = show(section)
    owner.type(ownerOld="guess", ownerNew="mama njeri 1988", ownerAgain="mama njeri 1988")
    assert "not the owner's" in owner.is_refused(section)
    owner.type(ownerOld=PASSPHRASE)
    owner.keeps_and_writes_down(section)
    assert memory.passphrase == "mama njeri 1988"


def test_where_there_is_no_recovery_code_the_owner_has_one_made(
    memory: MemorySettings, tasks: Tasks, show: Show, qtbot: QtBot
) -> None:
    memory.passphrase = PASSPHRASE
    section = OwnerSection(memory.services.owner, tasks, change=True)
    owner = show(section)
    assert part(section, Button, "ownerMakeCode").text() == "Make a recovery code"
    owner.click("ownerMakeCode")
    owner.until(lambda: "not the owner's" in section.trouble)
    owner.type(ownerOld=PASSPHRASE)
    with qtbot.waitSignal(section.kept):
        owner.click("ownerMakeCode")
        assert owner.writes_down() == memory.code
    section.load()
    owner.settles(section)
    assert part(section, Button, "ownerMakeCode").text() == "Make a new recovery code"


def test_numbers_and_keys_are_cleaned_of_what_pasting_brings(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    owner.type(
        shortcode=" 600 123 ",
        tillNumber="512-345",
        consumer_key='  "aB3-key"\u00a0',
        consumer_secret="\u201cs3cret\u201d\ufeff",
        passkey="bf b2\u200b79",
    )
    owner.keeps(section)
    assert memory.accounts == [
        AccountChoice(
            environment="production",
            shortcode="600123",
            till_number="512345",
            consumer_key="aB3-key",
            consumer_secret="s3cret",
            passkey="bfb279",
        )
    ]


def test_a_paybill_has_one_number(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    assert owner.part("shortcode").accessibleName() == "Store number"
    owner.type(tillNumber="512345")
    owner.click("kind-paybill")
    assert owner.part("shortcode").accessibleName() == "Paybill number"
    owner.click("environment-sandbox")
    owner.settles(section)
    assert not owner.sees("tillNumber")
    owner.type(shortcode="174379")
    owner.keeps(section)
    assert (memory.accounts[0].environment, memory.accounts[0].till_number) == ("sandbox", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shortcode": "6001"}, "store number has 5 to 7 digits"),
        ({"shortcode": "60012a"}, "store number"),
        ({"shortcode": "600123", "tillNumber": ""}, "till number has 5 to 9 digits"),
        ({"shortcode": "600123", "tillNumber": "512345", "passkey": "пароль"}, "passkey has characters"),
    ],
)
def test_what_cannot_be_a_number_or_a_key_is_refused_and_not_repeated(
    memory: MemorySettings, tasks: Tasks, show: Show, fields: dict[str, str], words: str
) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    owner.type(**fields)
    trouble = owner.is_refused(section)
    assert words in trouble
    assert not any(text in trouble for text in fields.values() if text)
    assert memory.accounts == []
    owner.click("testConnection")
    assert memory.tested == []


def test_the_connection_is_tried_with_what_is_typed_and_said_line_by_line(
    memory: MemorySettings, tasks: Tasks, show: Show
) -> None:
    memory.found = [
        Finding("Keys", Status.GREEN, "M-PESA let us in."),
        Finding("Clock", Status.RED, "Seven minutes behind."),
    ]
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    owner.type(shortcode="600123", tillNumber="512345", consumer_key="k")
    owner.click("testConnection")
    owner.until(lambda: len(section.results.lines) == 2)
    assert section.results.lines == tuple(memory.found)
    assert memory.accounts == []
    owner.click("environment-sandbox")  # what was found is about the other one
    owner.settles(section)
    assert section.results.lines == ()


def test_kept_keys_are_said_and_never_shown(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.secrets = {"production:consumer_key", "sandbox:passkey"}
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)

    def kept(name: str) -> bool:
        edit = owner.part(name)
        assert isinstance(edit, QLineEdit)
        assert edit.text() == ""
        return "Kept" in edit.placeholderText()

    assert kept("consumer_key")
    assert not kept("passkey")
    owner.click("environment-sandbox")
    owner.until(lambda: kept("passkey"))
    assert not kept("consumer_key")


def test_no_key_outlives_its_page_or_its_environment(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    fields = {"consumer_key": "k", "consumer_secret": "s", "passkey": "p"}
    owner.type(**fields)
    owner.click("environment-sandbox")
    owner.settles(section)
    assert {owner.reads(name) for name in fields} == {""}
    owner.type(shortcode="600123", tillNumber="512345", **fields)
    owner.click("showKeys")
    owner.keeps(section)
    assert {owner.reads(name) for name in fields} == {""}
    edit = owner.part("passkey")
    assert isinstance(edit, QLineEdit)
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_keys_are_hidden_until_somebody_wants_to_see_them(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    edit = owner.part("passkey")
    assert isinstance(edit, QLineEdit)
    for mode in (QLineEdit.EchoMode.Normal, QLineEdit.EchoMode.Password):
        owner.click("showKeys")
        assert edit.echoMode() is mode


def test_the_passphrase_of_a_new_file_is_typed_twice(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    owner.click("keepIn-file")
    owner.type(shortcode="600123", tillNumber="512345", filePassphrase="kahawa 1987", fileAgain="kahawa 1978")
    assert "not the same" in owner.is_refused(section)
    owner.type(fileAgain="kahawa 1987")
    owner.keeps(section)
    assert memory.accounts[0].passphrase == "kahawa 1987"
    memory.now = replace(memory.now, keep_in="file")
    memory.secrets = {"production:passkey"}
    section.load()
    owner.settles(section)
    assert not owner.sees("fileAgain")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publicUrl": "till.example.co.ke", "listenPort": "8788"}, "must begin with https"),
        ({"publicUrl": "http://till.example.co.ke", "listenPort": "8788"}, "must begin with https"),
        ({"publicUrl": "https://till.example.co.ke", "listenPort": "http"}, "port is a number"),
        ({"publicUrl": "https://till.example.co.ke", "listenPort": "70000"}, "port is a number"),
    ],
)
def test_an_address_that_m_pesa_does_not_take_is_said_in_the_page_s_own_words(
    memory: MemorySettings, tasks: Tasks, show: Show, fields: dict[str, str], words: str
) -> None:
    section = CallbackSection(memory.services.callbacks, tasks)
    owner = show(section)
    owner.click("callbackMode-url")
    owner.type(**fields)
    assert words in owner.is_refused(section)
    assert memory.routes == []


def test_without_a_keyring_the_other_places_are_offered(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.places = [KeyStore("file", "Encrypted."), KeyStore("memory", "Until the till closes.")]
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    assert not owner.sees("keepIn-keyring")
    assert owner.sees("filePassphrase")
    owner.click("keepIn-memory")
    assert not owner.sees("filePassphrase")
    owner.type(shortcode="600123", tillNumber="512345")
    owner.keeps(section)
    assert memory.accounts[0].keep_in == "memory"


def test_the_place_of_the_keys_is_the_one_they_are_in(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.now = replace(EMPTY, shortcode="600123", till_number="512345", keep_in="memory")
    section = MpesaSection(memory.services.account, tasks)
    owner = show(section)
    assert not owner.sees("filePassphrase")
    owner.keeps(section)
    assert memory.accounts[0].keep_in == "memory"


@pytest.mark.parametrize(
    ("mode", "fields", "kept"),
    [
        ("none", {}, RouteChoice(callback="none")),
        (
            "ngrok",
            {"ngrokPath": ' "/usr/bin/ngrok" ', "ngrokToken": " 2abc "},
            RouteChoice(callback="ngrok", ngrok_path="/usr/bin/ngrok", ngrok_authtoken="2abc"),
        ),
        (
            "url",
            {"publicUrl": " https://till.example.co.ke ", "listenPort": "8788"},
            RouteChoice(callback="url", public_url="https://till.example.co.ke", listen_port="8788"),
        ),
    ],
)
def test_each_way_results_come_back_keeps_what_it_needs(
    memory: MemorySettings, tasks: Tasks, show: Show, mode: str, fields: dict[str, str], kept: RouteChoice
) -> None:
    section = CallbackSection(memory.services.callbacks, tasks)
    owner = show(section)
    owner.click(f"callbackMode-{mode}")
    owner.type(**fields)
    owner.keeps(section)
    assert memory.routes == [kept]


@pytest.mark.parametrize(("mode", "words"), [("ngrok", "ngrok program"), ("url", "the address, and the port")])
def test_a_way_that_lacks_something_is_not_kept(
    memory: MemorySettings, tasks: Tasks, show: Show, mode: str, words: str
) -> None:
    section = CallbackSection(memory.services.callbacks, tasks)
    owner = show(section)
    owner.click(f"callbackMode-{mode}")
    assert words in owner.is_refused(section)
    assert memory.routes == []


def test_a_route_is_tested_by_probing(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    memory.now = replace(EMPTY, callback="url", public_url="https://till.example.co.ke", listen_port="8788")
    memory.found = [Finding("Results", Status.GREEN, "Our own test came in from the internet.")]
    section = CallbackSection(memory.services.callbacks, tasks)
    owner = show(section)
    owner.click("testRoute")
    owner.until(lambda: section.results.lines == tuple(memory.found))
    owner.click("callbackMode-none")
    assert not owner.sees("testRoute")
    assert section.results.lines == ()


def test_a_receipt_printer_is_kept_with_when_it_prints(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = PrinterSection(memory.services.printer, tasks)
    owner = show(section)
    assert not owner.sees("printerAddress")
    owner.click("printerKind-network")
    owner.type(printerAddress=" 192.168.1.50 ")
    owner.click("printWhen-drawer")
    owner.keeps(section)
    now = memory.now
    assert (now.printer, now.printer_address, now.print_paid, now.cash_drawer) == (
        "network",
        "192.168.1.50",
        True,
        True,
    )
    again = PrinterSection(memory.services.printer, tasks)
    owner = show(again)
    assert owner.reads("printerAddress") == "192.168.1.50"
    owner.click("printWhen-itself")
    owner.keeps(again)
    assert (memory.now.print_paid, memory.now.cash_drawer) == (True, False)
    owner.click("printerKind-system")
    assert not owner.sees("testPrinter")
    owner.keeps(again)
    assert (memory.now.printer, memory.now.print_paid) == ("system", False)


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("network", "http://192.168.1.50", "address in the network"),
        ("usb", "XP-58", "0416:5011"),
        ("serial", "", "/dev/ttyUSB0"),
        ("queue", "-d", "name of the print queue"),
    ],
)
def test_an_address_that_names_no_printer_is_refused(
    memory: MemorySettings, tasks: Tasks, show: Show, kind: str, address: str, words: str
) -> None:
    section = PrinterSection(memory.services.printer, tasks)
    owner = show(section)
    owner.click(f"printerKind-{kind}")
    assert any(words in label.text() for label in section.findChildren(QLabel))
    owner.type(printerAddress=address)
    assert words in owner.is_refused(section)
    owner.click("testPrinter")
    assert words in section.trouble
    assert memory.tested == []
    assert memory.now == EMPTY


def test_a_test_page_says_what_became_of_it(memory: MemorySettings, tasks: Tasks, show: Show) -> None:
    section = PrinterSection(memory.services.printer, tasks)
    owner = show(section)
    owner.click("printerKind-network")
    owner.type(printerAddress="192.168.1.50")
    memory.found = [Finding("Test page", Status.RED, "The receipt printer did not answer.")]
    owner.click("testPrinter")
    owner.until(lambda: [line.status for line in section.results.lines] == [Status.RED])
    assert memory.tested == [PrinterChoice(kind="network", address="192.168.1.50")]
    assert memory.now == EMPTY
    owner.type(printerAddress="192.168.1.51")  # it was about another address
    assert section.results.lines == ()
