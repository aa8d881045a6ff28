"""Text that a spreadsheet would take for a formula is marked as text by an apostrophe, and can be read back."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def marked(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _reads_as_formula(text) else text


def unmarked(cell: str) -> str:
    """The text that `marked` made the cell of."""
    return cell[1:] if cell.startswith("'") and _reads_as_formula(cell) else cell


def _reads_as_formula(text: str) -> bool:
    return text.lstrip("'").startswith(_BEGINNINGS)  # marked ones too: what is written must come back as it was
