"""Practice goes on where it stopped: open prompts and open payments fit after a restart."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.bootstrap.practice import MEMORY, SimulatedPhone, read_practice_record
from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.domain.payment import Payment, State
from pos_app.errors import BadInput
from pos_app.sales.till import PhonePrompt
from pos_app.settings.settings import load
from tests.support.builders import charge

_BAD_RECORD = b'{"charges": [], "record": {"balance": "much", "forgotten_until": null, "movements": []}}'


def opened(folder: Path) -> OpenTill:
    return open_till(load(folder, True, {}), customer_by_himself=False)


def prompted(run: OpenTill, qtbot: QtBot) -> Payment:
    """A customer was asked, and the phone shows the prompt."""
    payment = charge(run.till, 1, "0708374149")
    qtbot.waitUntil(lambda: stands(run, payment) is State.PROMPTED)
    return payment


def stands(run: OpenTill, payment: Payment) -> State:
    found = run.till.reader.payment(payment.id)
    assert found is not None
    return found.state


def on_phone(run: OpenTill) -> list[PhonePrompt]:
    """What the customer's phone shows when somebody begins to watch it."""
    shown: list[PhonePrompt] = []
    assert run.phone is not None
    run.phone.watch(shown.append, lambda _: None)
    return shown


def test_a_prompt_is_still_there_after_practice_was_closed_and_the_customer_pays(tmp_path: Path, qtbot: QtBot) -> None:
    first = opened(tmp_path)
    payment = prompted(first, qtbot)
    first.close()
    second = opened(tmp_path)
    try:
        [prompt] = on_phone(second)
        assert (prompt.phone, prompt.amount) == (payment.phone, payment.amount)
        assert second.phone is not None
        second.phone.enter_pin(prompt.id)
        second.till.reconciler.check_now(payment.id)
        qtbot.waitUntil(lambda: stands(second, payment) is State.PAID, timeout=10_000)
    finally:
        second.close()
    third = opened(tmp_path)
    try:
        assert on_phone(third) == []
    finally:
        third.close()


def test_a_till_that_was_killed_finds_the_prompt_too(tmp_path: Path, qtbot: QtBot) -> None:
    first = opened(tmp_path)
    try:
        prompted(first, qtbot)
        qtbot.waitUntil((tmp_path / MEMORY).exists)
        written = (tmp_path / MEMORY).read_bytes()
    finally:
        first.close()
    phone = SimulatedPhone("DUKA", by_himself=False, memory=tmp_path / "left")
    (tmp_path / "left").write_bytes(written)
    phone.start()
    try:
        assert len(phone.simulator.prompts()) == 1
    finally:
        phone.stop()


def test_a_number_whose_prompt_has_ended_is_gone_from_the_file_with_the_next_start(tmp_path: Path) -> None:
    memory = tmp_path / "left"
    prompt = {
        "checkout_request_id": "ws_CO_231120261403000001712345678",
        "phone": "254712345678",
        "amount": 50,
        "shop_name": "DUKA",
        "account_reference": "DUKA",
        "description": "Tea",
        "created_at": "2026-11-23T11:03:00+00:00",
    }
    push = {
        "transaction_type": "CustomerPayBillOnline",
        "amount": 50,
        "payer": "254712345678",
        "party_b": "174379",
        "phone": "254712345678",
        "callback_url": "",
        "account_reference": "DUKA",
        "description": "Tea",
    }
    rest = {"subject": "push 1", "merchant_request_id": "1-2", "outcome": None, "ended_at": None, "receipt": ""}
    memory.write_text(json.dumps([{"prompt": prompt, "push": push, **rest}]))
    phone = SimulatedPhone("DUKA", by_himself=False, memory=memory)
    phone.start()
    try:
        assert "712345678" not in memory.read_text()
        [known] = json.loads(memory.read_text())["charges"]
        assert known["outcome"] == "1037"
    finally:
        phone.stop()


@pytest.mark.parametrize("left", [b"", b"[{}]", b"{}", b"[1]", b"\xff", b'[{"prompt": null}]', _BAD_RECORD])
def test_what_cannot_be_read_begins_anew(tmp_path: Path, left: bytes) -> None:
    memory = tmp_path / "left"
    memory.write_bytes(left)
    phone = SimulatedPhone("DUKA", by_himself=False, memory=memory)
    phone.start()
    assert phone.simulator.prompts() == []
    phone.stop()
    known = json.loads(memory.read_bytes())
    assert (known["charges"], known["record"]["movements"]) == ([], [])


def test_m_pesa_s_record_of_practice_outlives_it(tmp_path: Path) -> None:
    memory = tmp_path / "left"
    phone = SimulatedPhone("DUKA", by_himself=False, memory=memory)
    phone.start()
    code = phone.simulator.pay_by_hand("254712345678", 100)
    amount, by_hand = phone.pay_by_hand()
    phone.stop()
    movement, last = read_practice_record(memory).movements()
    assert (last.receipt, last.amount) == (by_hand, Decimal(amount))
    assert (movement.receipt, movement.amount, movement.phone) == (code, Decimal(100), "25471****678")
    again = SimulatedPhone("DUKA", by_himself=False, memory=memory)
    again.start()
    again.stop()
    assert read_practice_record(memory).movements() == [movement, last]
    assert read_practice_record(tmp_path / "none").movements() == []
    memory.write_bytes(_BAD_RECORD)
    with pytest.raises(BadInput, match="cannot be read"):
        read_practice_record(memory)


def test_where_nothing_can_be_written_practice_goes_on(tmp_path: Path) -> None:
    phone = SimulatedPhone("DUKA", by_himself=False, memory=tmp_path / "nowhere" / "left")
    phone.start()
    phone.stop()
