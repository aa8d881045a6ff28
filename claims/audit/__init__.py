"""What proves: the ledger and the audit pack, as they leave the house and as anybody verifies them."""
