"""What is counted and handed on: figures, balance, periods and tables. Read-only."""
