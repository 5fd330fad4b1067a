"""The table of what a file would do."""

from PySide6.QtWidgets import QApplication

from pos_app.domain.catalogue import Post
from pos_app.domain.post_csv import read_lines
from pos_app.domain.post_import import plan_import
from pos_app.ui.posts.import_view import ImportModel
from tests.support.model_rules import watched


def test_it_keeps_the_rules_of_qts_models(qapp: QApplication) -> None:
    model = watched(ImportModel())
    text = "post_id,title,price\n1,Tea,30\n1,Tea,x\n,Soda,60\n"
    for lines in (text, "title,price\n", text):
        model.show_plan(plan_import(read_lines(lines), [Post(id=1, title="Tea", price=30)]))
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["3", "4"]
