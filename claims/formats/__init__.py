"""How dates stand in the pages: days before months, 24 hours, in every language."""
