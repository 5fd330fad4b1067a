import json
import re
from typing import Any

import pytest

from pos_app.domain.payment import PROMPT_LIFE
from pos_app.simulator import QUERY_PATH, Choice, Request, mpesa
from tests.simulator.world import CALLBACK, OTHER_PHONE, PHONE, START, Shop, error


def test_a_push_is_accepted_and_the_phone_shows_it() -> None:
    shop = Shop(customer=None)
    reply = shop.push()
    assert isinstance(reply.body, dict)
    assert re.fullmatch("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[0-9]+", reply.body["MerchantRequestID"])
    assert reply.body["CheckoutRequestID"] == "ws_CO_23112026140300000708374149"
    [prompt] = shop.mpesa.prompts()
    assert shop.world.shown == [prompt]
    assert (prompt.phone, prompt.amount, prompt.shop_name) == (PHONE, 250, "Mama Njeri Shop")
    assert (prompt.account_reference, prompt.description, prompt.created_at) == ("POST_3_7", "Maji 20 l", START)


def test_who_pays_and_whose_phone_rings_may_differ() -> None:
    shop = Shop()
    checkout = shop.pushed(PartyA=OTHER_PHONE)
    shop.world.advance(2)
    assert shop.world.shown[0].phone == PHONE
    assert checkout.endswith("110000222")
    [told] = shop.world.callbacks()
    assert told["CallbackMetadata"]["Item"][-1] == {"Name": "PhoneNumber", "Value": 254110000222}


def test_a_customer_pays_by_himself() -> None:
    shop = Shop()
    checkout = shop.pushed()
    shop.world.advance(0.9)
    assert shop.mpesa.prompts()
    shop.world.advance(0.2)
    assert not shop.mpesa.prompts()
    assert shop.world.gone == [checkout]
    [(when, url, body)] = shop.world.posted
    assert (when, url) == (1.1, CALLBACK)
    told = body["Body"]["stkCallback"]
    items = {item["Name"]: item.get("Value") for item in told["CallbackMetadata"]["Item"]}
    assert (told["CheckoutRequestID"], told["ResultCode"]) == (checkout, 0)
    assert items["Amount"] == 250
    assert items["TransactionDate"] == 20261123140301
    assert items["PhoneNumber"] == int(PHONE)
    assert re.fullmatch("UKN[A-Z0-9]{7}", items["MpesaReceiptNumber"])


@pytest.mark.parametrize(
    ("choice", "code", "text", "asked_text"),
    [
        (Choice.NO_MONEY, 1, "The balance is insufficient for the transaction.", None),
        (Choice.WRONG_PIN, 2001, "The initiator information is invalid.", None),
        (Choice.CANCEL, 1032, "Request Cancelled by user.", "Request cancelled by user"),
    ],
)
def test_a_customer_who_does_not_pay(choice: Choice, code: int, text: str, asked_text: str | None) -> None:
    shop = Shop(customer=choice)
    checkout = shop.pushed()
    shop.world.advance(2)
    [told] = shop.world.callbacks()
    assert (told["ResultCode"], told["ResultDesc"]) == (code, text)
    assert "CallbackMetadata" not in told
    answer = shop.query(checkout).body
    assert isinstance(answer, dict)
    assert (answer["ResultCode"], answer["ResultDesc"]) == (str(code), asked_text or text)


@pytest.mark.parametrize("customer", [Choice.IGNORE, None])
def test_a_prompt_that_nobody_answers_ends_when_the_till_s_bar_is_full(customer: Choice | None) -> None:
    shop = Shop(customer=customer)
    checkout = shop.pushed()
    shop.world.advance(PROMPT_LIFE - 1)
    assert shop.mpesa.prompts()
    shop.world.advance(2)
    assert shop.world.gone == [checkout]
    [told] = shop.world.callbacks()
    assert (told["ResultCode"], told["ResultDesc"]) == (1037, "No response from user.")
    answer = shop.query(checkout).body
    assert isinstance(answer, dict)
    assert (answer["ResultCode"], answer["ResultDesc"]) == ("1037", "DS timeout user cannot be reached.")


def test_somebody_acts_for_the_customer() -> None:
    shop = Shop(customer=None)
    checkout = shop.pushed()
    shop.world.advance(30)
    assert not shop.world.posted
    assert shop.mpesa.answer(checkout, Choice.IGNORE)  # he may still change his mind
    assert shop.mpesa.answer(checkout, Choice.PIN)
    assert not shop.mpesa.answer(checkout, Choice.CANCEL)
    assert not shop.mpesa.answer("ws_CO_unknown", Choice.PIN)
    shop.world.advance(60)
    assert [told["ResultCode"] for told in shop.world.callbacks()] == [0]


def test_one_phone_can_be_scripted() -> None:
    shop = Shop()
    shop.mpesa.script(PHONE, Choice.CANCEL)
    shop.mpesa.script(PHONE, Choice.NO_MONEY)
    for phone in (PHONE, OTHER_PHONE, PHONE, PHONE):
        shop.push(PhoneNumber=phone)
        shop.world.advance(2)
    assert [told["ResultCode"] for told in shop.world.callbacks()] == [1032, 0, 1, 0]


def test_a_scripted_customer_acts_by_himself_where_others_wait() -> None:
    shop = Shop(customer=None)
    shop.mpesa.script(PHONE, Choice.PIN)
    shop.push()
    shop.world.advance(2)
    assert [told["ResultCode"] for told in shop.world.callbacks()] == [0]


def test_a_phone_shows_one_prompt_at_a_time() -> None:
    shop = Shop()
    shop.push()
    assert error(shop.push())[1:] == (
        "500.001.1001",
        "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    )
    assert shop.push(PhoneNumber=OTHER_PHONE, PartyA=OTHER_PHONE).status == 200
    shop.world.advance(2)
    assert shop.push().status == 200
    assert (shop.mpesa.pushes, shop.mpesa.prompted) == (4, 3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PartyB": "600111"}, 2028),
        ({"TransactionType": "CustomerBuyGoodsOnline", "PartyB": "174379"}, "SFC_IC0003"),
        ({"TransactionType": "CustomerBuyGoodsOnline", "PartyB": "832909"}, 0),
        ({}, 0),
    ],
)
def test_a_wrong_receiver_is_noticed_after_the_pin(changes: dict[str, str], code: int | str) -> None:
    shop = Shop(till_number="832909")
    checkout = shop.pushed(**changes)
    shop.world.advance(2)
    assert [told["ResultCode"] for told in shop.world.callbacks()] == [code]
    answer = shop.query(checkout).body
    assert isinstance(answer, dict)
    assert answer["ResultCode"] == str(code)


def test_a_wrong_receiver_is_not_noticed_without_the_pin() -> None:
    shop = Shop(customer=Choice.CANCEL)
    shop.push(PartyB="600111")
    shop.world.advance(2)
    assert shop.world.callbacks()[0]["ResultCode"] == 1032


def test_without_a_till_number_of_its_own_any_till_is_taken() -> None:
    shop = Shop()
    shop.push(TransactionType="CustomerBuyGoodsOnline", PartyB="555555")
    shop.world.advance(2)
    assert shop.world.callbacks()[0]["ResultCode"] == 0


def test_a_question_is_pending_until_the_customer_acts() -> None:
    shop = Shop()
    checkout = shop.pushed()
    answer = shop.query(checkout)
    assert isinstance(answer.body, dict)
    assert (answer.status, answer.body["ResultCode"]) == (200, "4999")
    shop.world.advance(2)
    paid = shop.query(checkout)
    assert isinstance(paid.body, dict)
    assert (paid.status, paid.body["ResultCode"]) == (200, "0")
    assert "UKN" not in str(paid.body)
    assert shop.mpesa.queries == 2


def test_a_question_about_nothing_known() -> None:
    reply = Shop().query("ws_CO_23112026140300000708374149")
    assert error(reply) == (500, "500.001.1001", "The transaction does not Exist")


def test_the_oldest_prompts_are_forgotten() -> None:
    shop = Shop(token_lifetime=1_000_000)
    checkouts = []
    for _ in range(mpesa.REMEMBERED + 1):
        checkouts.append(shop.pushed())
        shop.world.advance(1)
    assert error(shop.query(checkouts[0]))[2] == "The transaction does not Exist"
    assert shop.query(checkouts[1]).status == 200


@pytest.mark.parametrize("host", ["https://kaunta.invalid", "http://192.168.7.7", "http://127.0.0.1.example.com"])
def test_callbacks_never_leave_this_machine(host: str) -> None:
    shop = Shop()
    checkout = shop.pushed(CallBackURL=f"{host}/stk/secret")
    shop.world.advance(100)
    assert shop.world.gone == [checkout]
    assert not shop.world.posted


def test_other_methods_and_paths_are_refused() -> None:
    shop = Shop()
    [reply] = shop.send(Request(method="GET", path=QUERY_PATH))
    assert error(reply) == (405, "405.001", "GET Method Not Allowed")
    [reply] = shop.send(Request(method="POST", path="/mpesa/c2b/v1/registerurl"))
    assert error(reply) == (404, "404.001.01", "Resource not found")


# --- from one run to the next

_IDS = ("MerchantRequestID", "CheckoutRequestID")


def restarted(before: Shop, seconds: float, **options: Any) -> Shop:
    """The same M-PESA after a restart that took so long."""
    known = json.loads(json.dumps(before.mpesa.written(200)))
    after = Shop(**options)
    after.world.advance(seconds)
    after.mpesa.restore(known)
    return after


def test_a_prompt_lives_on_for_the_rest_of_its_time() -> None:
    shop = Shop(customer=None)
    checkout = shop.pushed()
    after = restarted(shop, 40, customer=None)
    assert [prompt.checkout_request_id for prompt in after.mpesa.prompts()] == [checkout]
    assert after.world.shown == shop.world.shown
    pending = after.query(checkout).body
    assert isinstance(pending, dict)
    assert pending["ResultCode"] == "4999"
    after.world.advance(PROMPT_LIFE - 41)
    assert after.mpesa.prompts()
    after.world.advance(2)
    assert after.world.gone == [checkout]
    [told] = after.world.callbacks()
    assert told["ResultCode"] == 1037


def test_the_customer_still_pays_after_the_restart() -> None:
    shop = Shop(customer=None)
    checkout = shop.pushed()
    after = restarted(shop, 40, customer=None)
    assert after.mpesa.answer(checkout, Choice.PIN)
    after.world.advance(1)
    [told] = after.world.callbacks()
    assert (told["CheckoutRequestID"], told["ResultCode"]) == (checkout, 0)
    answer = after.query(checkout).body
    assert isinstance(answer, dict)
    assert answer["ResultCode"] == "0"


def test_a_prompt_whose_time_ended_meanwhile_ended_as_m_pesa_ends_it() -> None:
    shop = Shop(customer=None)
    checkout = shop.pushed()
    after = restarted(shop, PROMPT_LIFE + 1, customer=None)
    assert not after.mpesa.prompts()
    answer = after.query(checkout).body
    assert isinstance(answer, dict)
    assert answer["ResultCode"] == "1037"
    assert not after.world.posted  # nobody was there to be told


def test_a_clock_that_was_set_back_gives_no_prompt_more_than_its_time() -> None:
    shop = Shop(customer=None)
    shop.world.advance(3_600)
    checkout = shop.pushed()
    after = restarted(shop, 0, customer=None)
    assert after.mpesa.prompts()
    after.world.advance(PROMPT_LIFE + 1)
    assert after.world.gone == [checkout]


def test_what_ended_can_still_be_asked_about() -> None:
    shop = Shop()
    paid = shop.pushed()
    shop.world.advance(5)
    after = restarted(shop, 100)
    answer = after.query(paid).body
    assert isinstance(answer, dict)
    assert answer["ResultCode"] == "0"
    [told] = shop.world.callbacks()
    assert [answer[name] for name in _IDS] == [told[name] for name in _IDS]
    assert after.mpesa.written(1) == shop.mpesa.written(1)


def test_of_what_ended_no_number_is_written_down() -> None:
    shop = Shop(customer=None)
    checkout = shop.pushed()
    [prompt] = shop.world.shown
    assert prompt.phone[3:] in json.dumps(shop.mpesa.written(9))
    shop.mpesa.answer(checkout, Choice.PIN)
    assert prompt.phone[3:] not in json.dumps(shop.mpesa.written(9))


def test_what_was_not_written_by_it_changes_nothing() -> None:
    shop = Shop(customer=None)
    shop.pushed()
    after = Shop(customer=None)
    with pytest.raises(KeyError):
        after.mpesa.restore([*shop.mpesa.written(200), {}])
    assert not after.mpesa.prompts()
