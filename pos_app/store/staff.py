"""Operators and the audit, as they are stored."""

from collections.abc import Sequence

import sqlalchemy as sa

from pos_app.domain.audit import AuditLine
from pos_app.domain.operators import Act, Operator, Role, find_operator, name_key
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.links import LinkWriting
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow, stored

_o = t.operator.c
_all = sa.select(_o.id, _o.name, _o.role, _o.active).order_by(_o.id)
_a = t.audit.c
_audit = sa.select(
    _a.at, _a.act, _a.operator_id, _o.name.label("operator"), _a.role, _a.owner, _a.subject, _a.old, _a.new
).select_from(t.audit.outerjoin(t.operator, _o.id == _a.operator_id))


def operators(connection: sa.Connection) -> list[Operator]:
    """Every operator of the shop, also those switched off, by id."""
    return rows_of(connection.execute(_all), _to_operator)


def audit(connection: sa.Connection, limit: int) -> list[AuditLine]:
    """The newest lines of the audit, newest first."""
    return rows_of(connection.execute(_audit.order_by(_a.id.desc()).limit(limit)), _to_audit)


def pin_of(connection: sa.Connection, operator_id: int) -> str | None:
    """The hash of an operator's PIN."""
    found: str | None = connection.scalar(sa.select(_o.pin).where(_o.id == operator_id))
    return found


class StaffReading(Reading):
    """What is read of operators and of the audit."""

    def operators(self) -> list[Operator]:
        with reading(self._engine) as connection:
            return operators(connection)

    def pin_of(self, operator_id: int) -> str | None:
        with reading(self._engine) as connection:
            return pin_of(connection, operator_id)

    def audit(self, limit: int) -> list[AuditLine]:
        with reading(self._engine) as connection:
            return audit(connection, limit)


class StaffWriting(LinkWriting):
    """What a write transaction does to operators, and that it appends to the audit."""

    def operators(self) -> list[Operator]:
        return operators(self._connection)

    def add_operator(self, name: str, role: Role, pin: str) -> Operator:
        other = find_operator(self.operators(), name)  # the key of an older program may tell less
        if other is not None:
            raise Clash(f"There is an operator {other.name} already. Nothing was changed.")
        values = {"name": name, "name_key": name_key(name), "role": role.value, "active": True, "pin": pin}
        return Operator(id=self._insert(t.operator, **values), name=name, role=role)

    def change_operator(self, operator: Operator) -> None:
        self._change(operator.id, role=operator.role.value, active=operator.active)

    def set_pin(self, operator_id: int, pin: str) -> None:
        self._change(operator_id, pin=pin, tries=None)

    def pin_of(self, operator_id: int) -> str | None:
        return pin_of(self._connection, operator_id)

    def pin_tries(self, operator_id: int) -> str | None:
        tries: str | None = self._connection.scalar(sa.select(_o.tries).where(_o.id == operator_id))
        return tries

    def set_pin_tries(self, operator_id: int, tries: str) -> None:
        self._change(operator_id, tries=tries)

    def add_audit(self, lines: Sequence[AuditLine]) -> None:
        for line in lines:
            self.append(t.audit, _audit_values(line))

    def _change(self, operator_id: int, **values: object) -> None:
        self._connection.execute(t.operator.update().where(_o.id == operator_id).values(values))


def _audit_values(line: AuditLine) -> dict[str, object]:
    return {
        "at": line.at,
        "act": line.act.value,
        "operator_id": line.operator_id,
        "role": line.role.value if line.role else None,
        "owner": line.owner,
        "subject": line.subject,
        "old": line.old,
        "new": line.new,
    }


def _to_operator(row: AnyRow) -> Operator:
    return Operator(id=row.id, name=row.name, role=stored(Role, row.role), active=row.active)


def _to_audit(row: AnyRow) -> AuditLine:
    values = dict(row._mapping)
    values |= {"act": stored(Act, values["act"]), "role": stored(Role, values["role"]) if values["role"] else None}
    return AuditLine(**values)
