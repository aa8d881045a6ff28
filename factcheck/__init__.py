"""Wiring only: settings, servers, Celery, URLs. No word of the trade is defined here."""
