"""The audit: settings, which are kept in a file, have their lines too; who may not change them changes nothing."""

import pytest

from pos_app.domain.operators import Act, Role
from pos_app.errors import BadInput, OwnerNeeded
from pos_app.sales.till import Till
from tests.support.staff import hire, stand

NAME = {"shop_name": ("Duka", "Duka la Mama")}


def test_a_changed_setting_has_its_old_and_new_value(till: Till) -> None:
    hire(till)
    stand(till, Role.OWNER)
    till.audit.settings_changed(Act.SETTINGS, NAME, owner=False)
    till.audit.settings_changed(Act.KEYS, {"passkey": (None, "changed")}, owner=True)
    keys, name, *_ = till.reader.audit(9)
    assert (name.act, name.subject, name.old, name.new) == (Act.SETTINGS, "setting shop_name", "Duka", "Duka la Mama")
    assert (name.operator, name.owner) == ("Njeri", False)
    assert (keys.act, keys.subject, keys.old, keys.new, keys.owner) == (
        Act.KEYS,
        "setting passkey",
        None,
        "changed",
        True,
    )


@pytest.mark.parametrize(("act", "role"), [(Act.SETTINGS, Role.SUPERVISOR), (Act.KEYS, Role.OWNER)])
def test_who_may_not_is_refused(till: Till, act: Act, role: Role) -> None:
    """Keys and where the money goes ask for the passphrase, also of a signed-in owner."""
    hire(till)
    stand(till, role)
    with pytest.raises(OwnerNeeded):
        till.audit.settings_changed(act, NAME, owner=False)
    assert all(line.act not in (Act.SETTINGS, Act.KEYS) for line in till.reader.audit(9))


def test_whoever_let_the_owner_pass_reads_it_and_nobody_else(till: Till) -> None:
    hire(till)
    stand(till, Role.OPERATOR)
    with pytest.raises(BadInput, match="owner's passphrase"):
        till.audit.newest(1)
    assert till.audit.newest(1, owner=True) == till.reader.audit(1)
