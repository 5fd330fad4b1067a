"""Where settings come from, and what is refused."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pos_app.domain.receipt_printer import NetworkPrinter, PrinterAddress, UsbPrinter
from pos_app.errors import SettingsError
from pos_app.settings.choices import CallbackMode, Colours, Environment, Secrets, TextSize
from pos_app.settings.settings import Settings, default_data_dir, kept_together, load, put_aside, save

SANDBOX = {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379"}


def refused(tmp_path: Path, **environ: str) -> str:
    """The words with which these settings are refused."""
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, False, SANDBOX | environ)
    return caught.value.user_text


def test_without_anything_it_is_production_and_says_what_is_missing(tmp_path: Path) -> None:
    settings = load(tmp_path, False, {})
    assert settings.environment is Environment.PRODUCTION
    assert settings.daraja_url == "https://api.safaricom.co.ke"
    assert settings.callback is CallbackMode.NONE
    assert any("POS_SHORTCODE" in line for line in settings.missing())


def test_practice_needs_nothing_and_ignores_the_shop_s_account(tmp_path: Path) -> None:
    settings = load(tmp_path, True, {"POS_ENVIRONMENT": "production", "POS_SHORTCODE": "600000"})
    assert settings.practice
    assert settings.missing() == []
    assert settings.shortcode == ""
    assert settings.database == tmp_path / "practice.db"


def test_each_environment_has_its_own_database(tmp_path: Path) -> None:
    sandbox = load(tmp_path, False, SANDBOX)
    production = load(tmp_path, False, {"POS_ENVIRONMENT": "production"})
    assert sandbox.database == tmp_path / "sandbox.db"
    assert production.database == tmp_path / "production.db"


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        'environment = "sandbox"\nshortcode = 600111\nshop_name = "Mama Njeri"\n'
        'receipt_lines = ["Moi Avenue", "Nairobi"]\ntill = "B"\n',
        encoding="utf-8",
    )
    settings = load(tmp_path, False, {"POS_SHORTCODE": "174379"})
    assert settings.shortcode == "174379"
    assert settings.shop_name == "Mama Njeri"
    assert settings.receipt_lines == ("Moi Avenue", "Nairobi")
    assert settings.till == "B"


def test_the_command_line_comes_before_the_environment(tmp_path: Path) -> None:
    environ = SANDBOX | {"POS_DATA_DIR": str(tmp_path / "other")}
    assert load(tmp_path, False, environ).data_dir == tmp_path
    assert load(None, False, environ).data_dir == tmp_path / "other"


def test_the_default_data_folder_is_the_platform_s() -> None:
    assert default_data_dir().name == "Kaunta"
    assert load(None, True, {}).data_dir == default_data_dir()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POS_ENVIRONMENT", "live"),
        ("POS_SHORTCODE", "17x"),
        ("POS_TILL_NUMBER", "12"),
        ("POS_CALLBACK", "maybe"),
        ("POS_LISTEN_PORT", "70000"),
        ("POS_LISTEN_PORT", "http"),
        ("POS_QUERY_AFTER", "soon"),
        ("POS_QUERY_AFTER", "0"),
        ("POS_QUERY_AFTER", "inf"),
        ("POS_PUBLIC_URL", "till.example.co.ke"),
        ("POS_PUBLIC_URL", "http://till.example.co.ke"),
        ("POS_PUBLIC_URL", "https://till example"),
        ("POS_PUBLIC_URL", "https://name@till.example"),
        ("POS_PUBLIC_URL", "https://[till"),
        ("POS_PUBLIC_URL", "https://shop.example/mpesa"),
        ("POS_PUBLIC_URL", "https://till..example.co.ke"),
        ("POS_PUBLIC_URL", "https://.example.co.ke"),
        ("POS_PUBLIC_URL", "https://."),
        ("POS_PUBLIC_URL", f"https://{'a' * 64}.example.co.ke"),
        ("POS_PUBLIC_URL", f"https://{'a.' * 130}co.ke"),
        ("POS_PUBLIC_URL", "https://\N{SNOWMAN}.example.co.ke"),
        ("POS_DARAJA_URL", "https://till..example.co.ke"),
        ("POS_DARAJA_URL", "http://10.0.0.1"),
        ("POS_DARAJA_URL", "ftp://127.0.0.1"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    words = refused(tmp_path, **{name: value})
    assert name in words
    assert "Nothing was sent" in words


@pytest.mark.parametrize(
    "url",
    [
        f"https://{'a' * 63}.example.co.ke",
        "https://xn--caf-dma.example.co.ke",
        "https://[2001:db8::1]:8443",
        "https://203.0.113.7",
    ],
)
def test_an_address_that_can_be_called_is_taken(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, False, SANDBOX | {"POS_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("POS_LISTEN_PORT", ("8_788", "8788.0", "1e3", "+8788", "-1", "08788", "٨٧٨٨", "８７８８", "0x22", "²")),
        ("POS_QUERY_AFTER", ("1_0", "1e1", "+6", "-6", "NaN", "Infinity", "٦", "6s", "1000000000000", ".5", "5.")),
        ("POS_SHORTCODE", ("174_379", "１７４３７９", "١٧٤٣٧٩", "1.74379e5", "+174379")),
        ("POS_TILL_NUMBER", ("512_345", "５１２３４５", "5e5")),
        ("POS_TILL", ("\N{LATIN SMALL LETTER DOTLESS I}", "Ä", "A\N{KELVIN SIGN}", "a", "１")),
        ("POS_SHOP_NAME", ("Duka\nla Mama", "Duka\0", "Duka \udce9", "Duka\x1b[2J", "x" * 2_001)),
        ("POS_RECEIPT_LINES", ("Moi Avenue\0", "\udce9", "ok\n" + "x" * 2_001)),
        ("POS_NGROK_PATH", ("/usr/bin/ngrok\0", "/usr/bin/\nngrok")),
    ],
)
def test_numbers_and_names_are_taken_in_one_form_only(tmp_path: Path, name: str, values: tuple[str, ...]) -> None:
    for value in values:
        assert name in refused(tmp_path, **{name: value}), value


@pytest.mark.parametrize(
    "line",
    [
        "shortcode = 174_379",
        "shortcode = +174379",
        "shortcode = 0x2A92B",
        "shortcode = 174379.0",
        "shortcode = true",
        "shortcode = 2026-11-26",
        "shortcode = ['174379']",
        "shortcode = {number = 174379}",
        "[shortcode]\nnumber = 174379",
        "[[shortcode]]\nnumber = 174379",
        "[shortcode" + ".a" * 5_000 + "]",
        "shortcode.number = 174379",
        "listen_port = 8_788",
        "listen_port = 1e3",
        "query_after = 1e1",
        "query_after = inf",
        "query_after = nan",
        "query_after = false",
        "shop_name = 7.5e0\nreceipt_lines = [1]",
        "shop_name = ['a', 'b']",
        'shop_name = "a\\u0000b"',
        "receipt_lines = [['Moi Avenue']]",
        "receipt_lines = {first = 'Moi Avenue'}",
        "paper_width = 5_8",
        "text_size = {}",
        "environment = []",
    ],
)
def test_a_value_of_another_kind_is_refused_by_its_name(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.toml").write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox"} if "environment" not in line else {})
    name = line.strip("[]").replace(".", " ").split()[0].strip("]")
    assert f"POS_{name.upper()}" in caught.value.user_text or "POS_RECEIPT_LINES" in caught.value.user_text
    with pytest.raises(SettingsError):
        save(tmp_path, {"till": "B"})


def test_a_number_in_the_file_may_stand_without_quotes(tmp_path: Path) -> None:
    text = "listen_port = 8788\nquery_after = 6.5\nshortcode = 174379\npaper_width = 58\nlock_after = 0\n"
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    settings = load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox"})
    assert (settings.listen_port, settings.query_after, settings.paper_width) == (8_788, 6.5, 58)
    assert (settings.lock_after, load(tmp_path, True, {}).lock_after) == (0, 0)
    assert settings.shortcode == "174379"


def test_receipt_lines_are_a_list_or_text_with_line_ends(tmp_path: Path) -> None:
    environ = SANDBOX | {"POS_RECEIPT_LINES": " Moi Avenue\r\n\nNairobi \n"}
    assert load(tmp_path, False, environ).receipt_lines == ("Moi Avenue", "Nairobi")


@pytest.mark.parametrize(
    "url",
    [
        "https://till.example.co.ke/?",
        "https://till.example.co.ke?shop=1",
        "https://till.example.co.ke/results?",
        "https://till.example.co.ke#",
        "https://till.example.co.ke/#results",
        "https://shop:pa55@till.example.co.ke",
        "https://:pa55@till.example.co.ke",
        "https://@till.example.co.ke",
        "https://till.example.co.ke:0",
        "https://till.example.co.ke:65536",
        "https://till.example.co.ke:https",
        "https://till.example.co.ke:8_443",
        "https://till.example.co.ke:٨٤٤٣",
        "https://till.example.co.ke:+443",
        "https://till.example.co.ke:443:443",
        "https://till.example.co.ke/a b",
        "https://till.exa mple.co.ke",
        "https://till.example.co.ke/a\tb",
        "https://till.exa\nmple.co.ke",
        "https://till.example.co.ke/%6dpesa",
        "https://till%2eexample.co.ke",
        "https://till.example.co.ke/../x",
        "https://till.example.co.ke/./x",
        "https://till.example.co.ke//x",
        "https://till.example.co.ke/é",
        "https://till.example.co.ke/a;b",
        "https://till.example.co.ke\\x",
        "https:\\\\till.example.co.ke",
        "https:/till.example.co.ke",
        "https:till.example.co.ke",
        "//till.example.co.ke",
        "https://https://till.example.co.ke",
        "https://my_till.example.co.ke",
        "https://-till.example.co.ke",
        "https://till.example.co.ke..",
        "https://till\N{FULLWIDTH FULL STOP}example.co.ke/?",
        "https://till.example\N{FULLWIDTH SOLIDUS}.co.ke",
        "https://till",
        "https://till.local",
        "https://localhost.localdomain",
        "https://kaunta.invalid",
        "https://192.168.1.7",
        "https://10.0.0.1:8443",
        "https://172.16.3.4",
        "https://100.64.0.1",
        "https://169.254.1.1",
        "https://0.0.0.0",
        "https://[::]",
        "https://[fe80::1]",
        "https://[fd00::1]",
        "https://[::ffff:192.168.1.7]",
        "https://[fe80::1%eth0]",
        "https://2130706433",
        "https://127.1",
        "https://0x7f.1",
        "https://196.201.214",
        "https://shop.example/results/MPESA",
        "https://shop.example/m-pesa",
        "https://SQL.example.co.ke",
        "https://shop.example/execute",
        "https://safaricom.example.co.ke",
        "https://till.example.co.ke/" + "a" * 200,
        "ftp://till.example.co.ke",
        "javascript:alert(1)",
        "https://",
        "https:",
        "till.example.co.ke/results",
    ],
)
def test_an_address_at_which_no_result_could_arrive_is_refused_in_words(tmp_path: Path, url: str) -> None:
    words = refused(tmp_path, POS_PUBLIC_URL=url)
    assert "POS_PUBLIC_URL" in words
    assert "Nothing was sent" in words
    assert "pa55" not in words


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("HTTPS://Till.Example.CO.KE/", "https://till.example.co.ke"),
        (" https://till.example.co.ke/// ", "https://till.example.co.ke"),
        ("https://till.example.co.ke.", "https://till.example.co.ke"),
        ("https://till.example.co.ke:443/results/", "https://till.example.co.ke/results"),
        ("https://till.example.co.ke:", "https://till.example.co.ke"),
        ("https://till.example.co.ke:8443", "https://till.example.co.ke:8443"),
        ("https://till.example.co.ke/Shop-1/a.b~c_d", "https://till.example.co.ke/Shop-1/a.b~c_d"),
        ("https://CAFÉ-ya-mama.example.co.ke", "https://xn--caf-ya-mama-dbb.example.co.ke"),
        ("https://[2001:DB8:0::1]:443", "https://[2001:db8::1]"),
        ("http://LOCALHOST:80/", "http://localhost"),
    ],
)
def test_an_address_is_given_to_mpesa_in_one_form(tmp_path: Path, typed: str, taken: str) -> None:
    """Upper-case hosts are probably refused, and nobody knows what it makes of letters beyond ASCII."""
    assert load(tmp_path, False, SANDBOX | {"POS_PUBLIC_URL": typed}).public_url == taken


@pytest.mark.parametrize("url", ["https://127.0.0.1", "https://localhost", "https://[::1]:8443", "https://127.9.9.9"])
def test_real_money_never_gets_an_address_of_this_computer(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, False, SANDBOX | {"POS_PUBLIC_URL": url}).public_url == url
    assert "of this computer" in refused(tmp_path, POS_ENVIRONMENT="production", POS_PUBLIC_URL=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8787/?", "http://127.0.0.1:8787#x", "http://a:b@127.0.0.1:8787"])
def test_the_address_of_the_simulator_has_the_same_rules(tmp_path: Path, url: str) -> None:
    assert "POS_DARAJA_URL" in refused(tmp_path, POS_DARAJA_URL=url)


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_data_folder_is_refused_in_words(value: str) -> None:
    with pytest.raises(SettingsError, match="POS_DATA_DIR is set and empty"):
        load(None, True, {"POS_DATA_DIR": value})


def test_a_refusal_never_repeats_the_value(tmp_path: Path) -> None:
    """A key pasted into the wrong place must not end in a log."""
    assert "s3cr3t-key" not in refused(tmp_path, POS_SHORTCODE="s3cr3t-key")


def test_http_is_taken_for_this_computer_only_and_never_in_production(tmp_path: Path) -> None:
    settings = load(tmp_path, False, SANDBOX | {"POS_DARAJA_URL": "http://127.0.0.1:8787/"})
    assert settings.daraja_url == "http://127.0.0.1:8787"
    with pytest.raises(SettingsError):
        load(tmp_path, False, {"POS_PUBLIC_URL": "http://127.0.0.1:8788"})


def test_another_daraja_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="POS_DARAJA_URL"):
        load(tmp_path, False, {"POS_DARAJA_URL": "https://api.example.co.ke"})


def test_an_own_address_needs_a_port_that_stays(tmp_path: Path) -> None:
    environ = SANDBOX | {"POS_CALLBACK": "url", "POS_PUBLIC_URL": "https://till.example.co.ke"}
    with pytest.raises(SettingsError, match="POS_LISTEN_PORT"):
        load(tmp_path, False, environ)
    assert load(tmp_path, False, environ | {"POS_LISTEN_PORT": "0"}).listen_port == 0


def missing(settings: Settings) -> str:
    return " ".join(settings.missing())


def test_what_each_route_needs(tmp_path: Path) -> None:
    url = load(tmp_path, False, SANDBOX | {"POS_CALLBACK": "url", "POS_LISTEN_PORT": "8788"})
    ngrok = load(tmp_path, False, SANDBOX | {"POS_CALLBACK": "ngrok"})
    ready = load(tmp_path, False, SANDBOX | {"POS_CALLBACK": "ngrok", "POS_NGROK_PATH": "/usr/bin/ngrok"})
    assert "POS_PUBLIC_URL" in missing(url)
    assert "POS_NGROK_PATH" in missing(ngrok)
    assert missing(ready) == ""


@pytest.mark.parametrize(
    "content",
    [
        b"x = [",
        b"\xff\xfe",
        'shop_name = "Duka"'.encode("utf-16"),
        'shop_name = "Duka"'.encode("utf-16-be"),
        'shop_name = "Caf\xe9"'.encode("cp1252"),
        b'shop_name = "Duka\0"',
        b'till = "A"\ntill = "B"',
        b"x = " + b"[" * 100_000,
        b"x = " + b"{a=" * 100_000,
        b"# " + b"x" * 10_000_000,
        b"x = " + b"9" * 10_000,
    ],
    ids=range(11),
)
def test_a_damaged_settings_file_is_said_in_words_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    assert str(file) in refused(tmp_path)
    assert file.read_bytes() == content


def test_what_notepad_saves_as_utf_8_is_read_and_saved(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b'\xef\xbb\xbfshop_name = "Duka"\r\nlisten_port = 8788\r\n')
    assert load(tmp_path, False, SANDBOX).shop_name == "Duka"
    save(tmp_path, {"till": "B"})
    settings = load(tmp_path, False, SANDBOX)
    assert (settings.shop_name, settings.till, settings.listen_port) == ("Duka", "B", 8_788)


def test_what_notepad_saves_otherwise_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes('shop_name = "Duka"'.encode("utf-16"))
    assert "save it again with the encoding UTF-8" in refused(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    assert "cannot be read" in refused(tmp_path)


def test_production_refuses_the_public_short_code_and_one_number_for_till_and_store(tmp_path: Path) -> None:
    live = {"POS_ENVIRONMENT": "production"}
    assert "never reaches this shop" in refused(tmp_path, **live)
    same = live | {"POS_SHORTCODE": "600111", "POS_TILL_NUMBER": "600111"}
    assert "two numbers" in refused(tmp_path, **same)
    assert load(tmp_path, False, same | {"POS_TILL_NUMBER": "512345"}).till_number == "512345"
    assert load(tmp_path, False, SANDBOX | {"POS_TILL_NUMBER": "174379"}).till_number == "174379"


def test_what_is_saved_is_what_is_loaded_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# ours since 2024\nshop_name = "Duka"  # not Duka la Mama\ntill = "B"\n', encoding="utf-8")
    save(
        tmp_path,
        {"shop_name": 'Mama "Njeri" Æ', "receipt_lines": ["Moi Avenue", "Nairobi"], "till": "", "text_size": "large"},
    )
    settings = load(tmp_path, False, {})
    assert (settings.shop_name, settings.till) == ('Mama "Njeri" Æ', "A")
    assert settings.receipt_lines == ("Moi Avenue", "Nairobi")
    assert settings.text_size is TextSize.LARGE
    text = file.read_text(encoding="utf-8")
    assert "# ours since 2024" in text
    assert "# not Duka la Mama" in text
    assert [other.name for other in tmp_path.iterdir()] == ["settings.toml"]


def test_the_first_settings_make_the_folder_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    save(tmp_path / "new" / "shop", {"environment": "sandbox"})
    file = tmp_path / "new" / "shop" / "settings.toml"
    assert load(file.parent, False, {}).environment is Environment.SANDBOX
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"shortcode": "six"},
        {"callback": "url", "public_url": "https://till.example.co.ke"},  # without its port
        {"public_url": "http://till.example.co.ke"},
        {"public_url": "https://shop.example/mpesa"},
        {"shortcode": "174379"},  # production is the default
    ],
)
def test_what_cannot_be_used_is_not_saved_and_the_old_settings_stay(tmp_path: Path, changes: dict[str, str]) -> None:
    save(tmp_path, {"shop_name": "Duka", "shortcode": "600111"})
    before = (tmp_path / "settings.toml").read_bytes()
    with pytest.raises(SettingsError):
        save(tmp_path, {"shop_name": "Other"} | changes)
    assert (tmp_path / "settings.toml").read_bytes() == before


def test_a_settings_file_that_is_nonsense_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("environment = sandbox\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="damaged"):
        save(tmp_path, {"shop_name": "Duka"})
    assert file.read_text(encoding="utf-8") == "environment = sandbox\n"


def test_a_settings_file_that_cannot_be_read_is_said_in_words_before_anything_changes(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match=r"cannot be read.*nothing was changed"), kept_together(tmp_path):
        raise AssertionError("nothing may be changed")


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="old settings stay"):
        save(tmp_path / "file", {"shop_name": "Duka"})


@pytest.mark.parametrize(
    ("kind", "words"), [("keyring", "service kaunta-sandbox"), ("file", "encrypted file"), ("memory", "POS_PASSKEY")]
)
def test_where_the_keys_are_is_a_setting(tmp_path: Path, kind: str, words: str) -> None:
    settings = load(tmp_path, False, SANDBOX | {"POS_SECRETS": kind})
    assert settings.secrets is Secrets(kind)
    assert words in settings.where_to_set()
    assert load(tmp_path, False, SANDBOX).secrets is Secrets.KEYRING


def test_a_settings_file_that_cannot_be_used_is_put_aside_and_kept(tmp_path: Path) -> None:
    put_aside(tmp_path)  # there is none
    (tmp_path / "settings.toml").write_text("environment = sandbox\n", encoding="utf-8")
    put_aside(tmp_path)
    kept = [path for path in tmp_path.iterdir() if path.name.startswith("settings.toml.")]
    assert [path.read_text(encoding="utf-8") for path in kept] == ["environment = sandbox\n"]
    assert load(tmp_path, False, {}).shortcode == ""


def test_the_operator_s_choices_and_the_registered_name_are_settings_of_the_till(tmp_path: Path) -> None:
    usual = load(tmp_path, False, {})
    assert (usual.colours, usual.paper_width, usual.registered_name) == (Colours.SYSTEM, 80, "")
    save(tmp_path, {"colours": "dark", "paper_width": "58", "registered_name": "MAMA NJERI ENTERPRISES"})
    kept = load(tmp_path, False, {})
    assert (kept.colours, kept.paper_width) == (Colours.DARK, 58)
    assert kept.shop.registered == "MAMA NJERI ENTERPRISES"
    assert load(tmp_path, True, {}).shop.registered == "PRACTICE SHOP"  # as the practice phone shows it
    (tmp_path / "settings.toml").write_text("paper_width = 58\n", encoding="utf-8")
    assert load(tmp_path, False, {}).paper_width == 58
    assert "POS_PAPER_WIDTH" in refused(tmp_path, POS_PAPER_WIDTH="72")


def test_what_two_threads_save_at_once_is_all_kept(tmp_path: Path) -> None:
    changes = [{"shop_name": "Duka"}, {"text_size": "large"}, {"colours": "dark"}, {"paper_width": "58"}] * 5
    with ThreadPoolExecutor(4) as threads:
        for _ in threads.map(lambda change: save(tmp_path, change), changes):
            pass
    kept = load(tmp_path, False, {})
    assert (kept.shop_name, kept.text_size, kept.colours, kept.paper_width) == ("Duka", "large", "dark", 58)


def test_sounds_are_on_and_there_is_no_customer_display_until_somebody_says_so(tmp_path: Path) -> None:
    settings = load(tmp_path, False, {})
    assert (settings.sounds, settings.customer_display, settings.customer_screen) == ("normal", "off", "")
    save(tmp_path, {"sounds": "off", "customer_display": "on", "customer_screen": r"\\.\DISPLAY2"})
    settings = load(tmp_path, True, {})  # practice is the same computer
    assert (settings.sounds, settings.customer_display, settings.customer_screen) == ("off", "on", r"\\.\DISPLAY2")


@pytest.mark.parametrize("name", ["sounds", "customer_display"])
def test_a_choice_that_there_is_not_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"POS_{name.upper()}"):
        load(tmp_path, False, {f"POS_{name.upper()}": "maybe"})


@pytest.mark.parametrize("prefix", ["~", "#", '"', "\\", "]", "^", "@", ","])
def test_what_marks_a_scan_is_kept(tmp_path: Path, prefix: str) -> None:
    assert load(tmp_path, False, {}).scan_prefix == ""
    save(tmp_path, {"scan_prefix": prefix})
    assert load(tmp_path, False, {}).scan_prefix == prefix


@pytest.mark.parametrize("prefix", ["a", "7", "+", "-", "/", ".", "(", "~~", "é"])
def test_what_stands_in_words_and_phones_marks_no_scan(tmp_path: Path, prefix: str) -> None:
    assert "POS_SCAN_PREFIX" in refused(tmp_path, POS_SCAN_PREFIX=prefix)


@pytest.mark.parametrize(
    ("kind", "address", "printer"),
    [
        ("network", "192.168.1.50", NetworkPrinter("192.168.1.50", 9100)),
        ("usb", "0416:5011", UsbPrinter(0x0416, 0x5011)),
        ("system", "", None),
        ("system", "192.168.1.50", None),  # as it is left where somebody chooses the system's again
    ],
)
def test_the_receipt_printer(tmp_path: Path, kind: str, address: str, printer: PrinterAddress | None) -> None:
    settings = load(tmp_path, False, {"POS_PRINTER": kind, "POS_PRINTER_ADDRESS": address, "POS_PRINT_PAID": "yes"})
    assert (settings.receipt_printer, settings.print_paid, settings.cash_drawer) == (printer, True, False)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"POS_PRINTER": "bluetooth"}, "POS_PRINTER"),
        ({"POS_PRINTER": "network"}, "POS_PRINTER_ADDRESS"),
        ({"POS_PRINTER": "network", "POS_PRINTER_ADDRESS": "http://192.168.1.50"}, "POS_PRINTER_ADDRESS"),
        ({"POS_PRINT_PAID": "true"}, "POS_PRINT_PAID"),
        ({"POS_CASH_DRAWER": "1"}, "POS_CASH_DRAWER"),
    ],
)
def test_a_receipt_printer_that_cannot_be_meant_is_refused(tmp_path: Path, values: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=rf"\({name}\)"):
        load(tmp_path, False, values)


def test_pull_transactions_are_off_until_somebody_switches_them_on(tmp_path: Path) -> None:
    assert not load(tmp_path, False, {}).pull
    settings = load(tmp_path, False, {"POS_PULL": "yes", "POS_PULL_NUMBER": "0708 374 149"})
    assert (settings.pull, settings.pull_number) == (True, "254708374149")
    with pytest.raises(SettingsError, match="POS_PULL_NUMBER"):
        load(tmp_path, False, {"POS_PULL_NUMBER": "12"})
