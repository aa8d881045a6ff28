"""How well the machine reads, measured on public data: rows in, predictions out, gold fields never read."""
