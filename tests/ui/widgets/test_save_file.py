"""Names of files to save."""

from pathlib import Path

import pytest

from pos_app.errors import BadInput
from pos_app.ui.widgets.save_file import named


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Njeri 24.11.2026", "Njeri 24.11.2026.pdf"),
        ("receipt", "receipt.pdf"),
        ("receipt.pdf", "receipt.pdf"),
        ("receipt.PDF", "receipt.PDF"),
        ("receipt.csv", "receipt.csv.pdf"),
        ("v1.", "v1..pdf"),
        (".hidden", ".hidden.pdf"),
    ],
)
def test_a_name_keeps_all_of_itself(tmp_path: Path, typed: str, name: str) -> None:
    assert named(str(tmp_path / typed), ".pdf") == tmp_path / name


def test_a_file_that_nobody_was_asked_about_stays(tmp_path: Path) -> None:
    """The dialog asks about the name that was typed, and that only."""
    (tmp_path / "Njeri 24.11.2026.pdf").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match=r"^Njeri 24\.11\.2026\.pdf is there already and stays as it is"):
        named(str(tmp_path / "Njeri 24.11.2026"), ".pdf")
    assert named(str(tmp_path / "Njeri 24.11.2026.pdf"), ".pdf").name == "Njeri 24.11.2026.pdf"
