"""A shop's file, and a server that it moves to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, ShopMoved
from pos_app.store.database import open_database
from pos_app.store.moving.back import ShopBack, take_back
from pos_app.store.moving.mark import mark_in
from pos_app.store.moving.move import move
from pos_app.store.server_address import typed_address
from tests.support.fakes import START


@dataclass
class Scene:
    """The file, and the URL of a database on the server."""

    file: Path
    url: str

    def move(self, tell: Callable[[MoveProgress], None] = lambda _: None, cancel: Cancel | None = None) -> ShopMoved:
        return move(self.file, typed_address(self.url), now=lambda: START, tell=tell, cancel=cancel or Cancel())

    def take_back(self, tell: Callable[[MoveProgress], None] = lambda _: None) -> ShopBack:
        return take_back(self.file, typed_address(self.url), tell=tell)

    def is_as_before(self) -> bool:
        """Whether the shop is in the file, and nothing of it on the server."""
        open_database(self.file, "practice").close()
        return mark_in(self.file) is None and not tables_of(self.url)


@contextmanager
def engine_of(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def tables_of(url: str) -> set[str]:
    with engine_of(url) as engine:
        return set(sa.inspect(engine).get_table_names())


def rows_of(url: str, table: sa.Table) -> list[tuple[Any, ...]]:
    """Every row, as the program reads it."""
    with engine_of(url) as engine, engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)


def run(url: str, statement: str) -> None:
    with engine_of(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql(statement)
