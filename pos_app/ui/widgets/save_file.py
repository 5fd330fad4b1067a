"""The name of a file to save: what was typed, whole, with the right end."""

from pathlib import Path

from pos_app.errors import BadInput


def named(chosen: str, end: str) -> Path:
    """The file that was chosen; where its name has another end, this one comes behind, and no part of the name goes.

    Args:
        chosen: as the person typed it: "Njeri 24.11.2026" has no end, though it has dots.
        end: `.pdf`.

    Raises:
        BadInput: under the longer name there is a file already, which nobody was asked about.
    """
    path = Path(chosen)
    if path.suffix.lower() == end:
        return path
    path = path.with_name(path.name + end)
    if path.exists() or path.is_symlink():
        raise BadInput(f"{path.name} is there already and stays as it is. Nothing was written. Choose another name.")
    return path
