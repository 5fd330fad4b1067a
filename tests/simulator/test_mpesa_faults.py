import pytest

from pos_app.domain.payment import PROMPT_LIFE
from pos_app.simulator import Choice, Fault, HttpReply, Json
from pos_app.simulator.bodies import HANG_UP
from tests.simulator.world import CALLBACK, OTHER_PHONE, PHONE, Shop, error


def items(told: Json) -> Json:
    return {item["Name"]: item.get("Value") for item in told["CallbackMetadata"]["Item"]}


def paid(*faults: Fault, **changes: object) -> Json:
    """The one callback of a payment under these faults."""
    shop = Shop(faults=faults)
    shop.push(**changes)
    shop.world.advance(100)
    [told] = shop.world.callbacks()
    return told


def result(reply: HttpReply) -> str:
    assert isinstance(reply.body, dict)
    return str(reply.body["ResultCode"])


def test_callback_lost() -> None:
    shop = Shop(faults=(Fault.CALLBACK_LOST,))
    checkout = shop.pushed()
    shop.world.advance(100)
    assert not shop.world.posted
    assert result(shop.query(checkout)) == "0"


def test_callback_late() -> None:
    shop = Shop(faults=(Fault.CALLBACK_LATE,))
    checkout = shop.pushed()
    shop.world.advance(30)
    assert not shop.world.posted
    assert result(shop.query(checkout)) == "0"
    shop.world.advance(10)
    [(when, _, body)] = shop.world.posted
    assert when == 31.1
    assert items(body["Body"]["stkCallback"])["TransactionDate"] == 20261123140301  # when the customer paid


def test_callback_twice() -> None:
    shop = Shop(faults=(Fault.CALLBACK_TWICE,))
    shop.push()
    shop.world.advance(100)
    first, second = shop.world.posted
    assert first == second


@pytest.mark.parametrize("customer", [Choice.PIN, Choice.CANCEL, Choice.IGNORE])
def test_callback_first(customer: Choice) -> None:
    shop = Shop(customer, (Fault.CALLBACK_FIRST,))
    replies = shop.push_later()
    acted = PROMPT_LIFE if customer is Choice.IGNORE else 1
    shop.world.advance(acted + 0.05)
    assert not replies
    shop.world.advance(0.1)
    assert len(shop.world.posted) == 1
    assert [reply.status for reply in replies] == [200]
    shop.world.advance(100)
    assert len(replies) == 1


def test_callback_first_with_two_callbacks_answers_once() -> None:
    shop = Shop(faults=(Fault.CALLBACK_FIRST, Fault.CALLBACK_TWICE))
    replies = shop.push_later()
    shop.world.advance(100)
    assert len(shop.world.posted) == 2
    assert len(replies) == 1


def test_callback_first_without_a_callback_waits_for_the_customer() -> None:
    shop = Shop(None, (Fault.CALLBACK_FIRST,))
    replies = shop.push_later(CallBackURL="https://kaunta.invalid/stk/secret")
    [prompt] = shop.mpesa.prompts()
    assert not replies
    shop.mpesa.answer(prompt.checkout_request_id, Choice.PIN)
    assert [reply.status for reply in replies] == [200]


def test_callback_stranger() -> None:
    shop = Shop(Choice.CANCEL, (Fault.CALLBACK_STRANGER,))
    shop.push()
    shop.world.advance(100)
    (forged_at, forged_url, forged), (_, url, genuine) = shop.world.posted
    assert forged_at < 1
    assert forged_url.startswith("http://127.0.0.1:5000/stk/")
    assert url == CALLBACK != forged_url
    assert forged["Body"]["stkCallback"]["ResultCode"] == 0
    assert items(forged["Body"]["stkCallback"])["Amount"] == 250
    assert genuine["Body"]["stkCallback"]["ResultCode"] == 1032


def test_a_stranger_stays_on_this_machine_too() -> None:
    shop = Shop(faults=(Fault.CALLBACK_STRANGER,))
    shop.push(CallBackURL="https://kaunta.invalid/stk/secret")
    shop.world.advance(100)
    assert not shop.world.posted


def test_push_answer_lost() -> None:
    seen = []
    for seed in range(10):
        shop = Shop(faults=(Fault.PUSH_ANSWER_LOST,), seed=seed)
        reply = shop.push()
        seen.append(reply)
        assert reply is HANG_UP or (reply.status, str(reply.body)[:6]) == (503, "<html>")
        shop.world.advance(100)
        assert [told["ResultCode"] for told in shop.world.callbacks()] == [0]
    assert 0 < seen.count(HANG_UP) < 10


def test_push_slow() -> None:
    shop = Shop(faults=(Fault.PUSH_SLOW,))
    replies = shop.push_later()
    shop.world.advance(9.9)
    assert not replies
    assert len(shop.world.posted) == 1
    shop.world.advance(0.2)
    assert [reply.status for reply in replies] == [200]


def test_query_disagrees() -> None:
    shop = Shop(faults=(Fault.QUERY_DISAGREES,))
    checkout = shop.pushed()
    assert result(shop.query(checkout)) == "4999"
    shop.world.advance(2)
    assert shop.world.callbacks()[0]["ResultCode"] == 0
    assert result(shop.query(checkout)) == "1037"


def test_query_disagrees_only_about_payments() -> None:
    shop = Shop(Choice.CANCEL, (Fault.QUERY_DISAGREES,))
    checkout = shop.pushed()
    shop.world.advance(2)
    assert result(shop.query(checkout)) == "1032"


@pytest.mark.parametrize(("asked", "told"), [(250, 249), (2, 1), (1, 2)])
def test_amount_differs(asked: int, told: int) -> None:
    assert items(paid(Fault.AMOUNT_DIFFERS, Amount=asked))["Amount"] == told


def test_receipt_reused() -> None:
    shop = Shop(faults=(Fault.RECEIPT_REUSED,))
    for _ in range(3):
        shop.push()
        shop.world.advance(2)
    codes = {items(told)["MpesaReceiptNumber"] for told in shop.world.callbacks()}
    assert len(codes) == 1


def test_without_faults_every_receipt_is_new() -> None:
    shop = Shop()
    for _ in range(3):
        shop.push()
        shop.world.advance(2)
    assert len({items(told)["MpesaReceiptNumber"] for told in shop.world.callbacks()}) == 3


@pytest.mark.parametrize(("customer", "code"), [(Choice.PIN, "0"), (Choice.CANCEL, "1032")])
def test_code_as_text(customer: Choice, code: str) -> None:
    shop = Shop(customer, (Fault.CODE_AS_TEXT,))
    shop.push()
    shop.world.advance(2)
    assert shop.world.callbacks()[0]["ResultCode"] == code


def test_balance_without_value() -> None:
    for _ in range(5):
        told = paid(Fault.BALANCE_WITHOUT_VALUE)
        assert told["CallbackMetadata"]["Item"][2] == {"Name": "Balance"}


def test_balance_comes_and_goes_by_itself() -> None:
    shop = Shop()
    for _ in range(20):
        shop.push()
        shop.world.advance(2)
    lengths = {len(told["CallbackMetadata"]["Item"]) for told in shop.world.callbacks()}
    assert lengths == {4, 5}


def test_pending_500() -> None:
    shop = Shop(faults=(Fault.PENDING_500,))
    checkout = shop.pushed()
    reply = shop.query(checkout)
    assert error(reply) == (500, "500.001.1001", "The transaction is being processed")
    assert isinstance(reply.body, dict)
    assert reply.body["requestId"] == checkout
    shop.world.advance(2)
    assert result(shop.query(checkout)) == "0"


def test_pending_4999() -> None:
    shop = Shop(faults=(Fault.PENDING_4999,))
    assert result(shop.query(shop.pushed())) == "4999"


def test_both_ways_of_pending_take_turns() -> None:
    shop = Shop(faults=(Fault.PENDING_4999, Fault.PENDING_500))
    checkout = shop.pushed()
    assert {shop.query(checkout).status for _ in range(20)} == {200, 500}


def test_html_firewall() -> None:
    shop = Shop(faults=(Fault.HTML_FIREWALL,))
    reply = shop.push()
    assert reply.status == 403
    assert str(reply.body).startswith("<html>")
    assert shop.mpesa.prompted == 0


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.SPIKE_ARREST, "Error Occurred: Spike Arrest Violation"),
        (Fault.SYSTEM_BUSY, "System is busy. Please try again in few minutes."),
    ],
)
def test_gateway_refusals(fault: Fault, message: str) -> None:
    shop = Shop(faults=(fault,))
    assert error(shop.push()) == (500, "500.003.02", message)
    assert (shop.mpesa.pushes, shop.mpesa.prompted) == (1, 0)
    shop.mpesa.dice.clear()
    assert shop.push().status == 200


def test_a_fault_may_come_while_a_prompt_is_open() -> None:
    shop = Shop()
    shop.push()
    shop.mpesa.dice.add(Fault.CALLBACK_LOST)
    shop.world.advance(2)
    assert not shop.world.posted


def run(
    seed: int, *, without: Fault | None = None, questions: int = 0
) -> tuple[list[tuple[float, Json]], list[HttpReply]]:
    """Thirty charges with everything going wrong now and then: what was posted, and what the pushes were answered."""
    shop = Shop(faults={fault: 0.2 for fault in Fault if fault is not without}, seed=seed)
    replies: list[HttpReply] = []
    for number in range(30):
        shop.sign_in()
        replies += shop.push_later(PhoneNumber=(PHONE, OTHER_PHONE)[number % 2], Amount=number + 1)
        for _ in range(questions):
            shop.query("ws_CO_unknown")
        shop.world.advance(100)
    return [(when, body) for when, _, body in shop.world.posted], replies


def test_the_same_seed_is_the_same_run() -> None:
    assert run(1) == run(1)
    assert run(1) != run(2)


def test_questions_do_not_change_what_befalls_the_pushes() -> None:
    def fates(questions: int) -> list[tuple[float, object]]:
        # A dead access token would be noticed by the question instead of the push.
        posted, _ = run(3, without=Fault.TOKEN_DIES_EARLY, questions=questions)
        return [(when, body["Body"]["stkCallback"]["ResultCode"]) for when, body in posted]

    assert len(fates(0)) > 10
    assert fates(0) == fates(3)
