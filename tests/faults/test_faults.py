"""The fault list in samples. At full size: `.venv/bin/python -m tests.faults --full`."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.faults.plans import PLANS, play
from tests.faults.scenarios.disk import COMPILER
from tests.faults.scenarios.flood import flooded


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")


def _sample(fault: str) -> None:
    for seed in range(PLANS[fault].seeds):
        play(fault, seed)


def test_t01_the_process_is_killed_at_any_instant() -> None:
    _sample("T1")


def test_t02_the_process_is_killed_at_each_named_step() -> None:
    _sample("T2")


@pytest.mark.skipif(not COMPILER, reason="the library that makes a disk fail is compiled by gcc, which is not here")
def test_t04_the_disk_is_full_read_only_broken_and_well_again() -> None:
    _sample("T4")


def test_t05_another_program_holds_the_database_for_a_moment_and_for_long(qapp: QApplication) -> None:
    _sample("T5")


def test_t06_flipped_bytes_are_found_and_the_copy_is_put_back() -> None:
    play("T6", 0, 100)  # more than half of them meet unused space: each look must find something


def test_t07_callbacks_are_lost_and_queries_fail() -> None:
    _sample("T7")


def test_t08_the_same_callback_a_hundred_times() -> None:
    _sample("T8")


def test_t09_the_callback_comes_before_the_answer_to_the_push() -> None:
    _sample("T9")


def test_t10_the_answer_to_the_push_is_lost_and_the_callback_comes() -> None:
    _sample("T10")


def test_t11_success_and_failure_in_any_order_48_hours_late() -> None:
    _sample("T11")


def test_t12_callbacks_and_queries_contradict_each_other() -> None:
    _sample("T12")


def test_t13_wrong_amounts_other_ids_receipt_codes_of_others() -> None:
    _sample("T13")


def test_t14_odd_shapes_and_broken_bodies() -> None:
    _sample("T14")


def test_t15_fuzzed_bodies_break_nothing_and_grant_nothing() -> None:
    play("T15", 0, 2_000)


def test_t15_fuzzed_heads_and_framing_always_come_to_an_end() -> None:
    _sample("T15b")


def test_t16_slow_huge_deep_packed_oddly_framed_and_a_crowd() -> None:
    _sample("T16")


def test_t17_a_flood_of_forged_callbacks_while_customers_pay(qapp: QApplication) -> None:
    flooded(0, 2_000, rate=500)  # what a busy machine can take; at full size it is 2,000 a second


def test_t18_access_tokens_refused_expiring_slow_and_a_wrong_clock() -> None:
    _sample("T18")


def test_t19_every_end_of_a_push_on_the_wire() -> None:
    _sample("T19")


def test_t20_the_network_is_down_for_a_moment_and_for_hours() -> None:
    _sample("T20")


def test_t21_whatever_fingers_and_scanners_do_a_customer_is_asked_once(qapp: QApplication) -> None:
    _sample("T21")


def test_t24_asked_again_and_then_both_pay() -> None:
    _sample("T24")


def test_t27_the_clock_jumps_at_each_step_and_the_computer_sleeps() -> None:
    _sample("T27")


def test_t43_no_confirmation_comes_for_hours_and_m_pesa_s_record_explains_everything() -> None:
    for seed in (0, 3):
        play("T43", seed, 60)


def test_t45_the_till_that_holds_the_shops_address_is_killed_or_spoilt_in_virtual_time() -> None:
    play("T45b", 0, 10)


def test_r8_the_program_dies_at_any_moment() -> None:
    _sample("R8")


def test_t35_memory_and_handles_stay_flat() -> None:
    play("T35", 0, 400)
