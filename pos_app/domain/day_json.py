"""A day's report in JSON: as a close keeps it, and as commands print it. Names are never changed, only added."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pos_app.domain.day import CarriedOver, DayFigures, DayGroup, DayReport, RecordSeen
from pos_app.domain.payment import Remark, State

_GROUPS = ("posts", "operators", "hours")


def report_json(report: DayReport) -> dict[str, object]:
    """The report, times as ISO 8601 in UTC."""
    values = asdict(report)
    for name in ("since", "until"):
        values[name] = _moment(values[name])
    values["figures"]["net"] = report.figures.net
    for name in _GROUPS:
        values[name] = [asdict(group) | {"net": group.net} for group in getattr(report, name)]
    values["record"] = _record_json(report.record) if report.record else None
    values["open"] = [item_json(item) for item in report.open]
    return values


def report_text(report: DayReport) -> str:
    """The same as a text that is kept."""
    return json.dumps(report_json(report), ensure_ascii=False, sort_keys=True)


def read_report(text: str) -> DayReport:
    """What `report_text` has written; what a newer program has added is left aside.

    Raises:
        ValueError: no program of ours has written it.
    """
    try:
        values = json.loads(text)
        return DayReport(
            since=_read(values["since"]),
            until=datetime.fromisoformat(values["until"]),
            after=values["after"],
            lost=values["lost"],
            figures=DayFigures(**_known(DayFigures, values["figures"])),
            open_count=values["open_count"],
            open_amount=values["open_amount"],
            open=tuple(map(_read_item, values["open"])),
            record=_read_record(values.get("record")),
            heads=tuple(map(str, values.get("heads", ()))),
            **{name: tuple(DayGroup(**_known(DayGroup, group)) for group in values[name]) for name in _GROUPS},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no report of a day") from error


def item_json(item: CarriedOver) -> dict[str, object]:
    """A payment that is carried over."""
    return asdict(item) | {
        "opened_at": _moment(item.opened_at),
        "state": item.state.value,
        "remarks": sorted(remark.value for remark in item.remarks),
    }


def _read_item(values: dict[str, Any]) -> CarriedOver:
    known = _known(CarriedOver, values)
    return CarriedOver(
        **known
        | {
            "opened_at": datetime.fromisoformat(known["opened_at"]),
            "state": State(known["state"]),
            "remarks": frozenset(map(Remark, known["remarks"])),
        }
    )


def _record_json(record: RecordSeen) -> dict[str, object]:
    return asdict(record) | {"until": _moment(record.until)}


def _read_record(values: dict[str, Any] | None) -> RecordSeen | None:
    if values is None:
        return None
    return RecordSeen(**_known(RecordSeen, values) | {"until": datetime.fromisoformat(values["until"])})


def _known(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in kind.__slots__}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
