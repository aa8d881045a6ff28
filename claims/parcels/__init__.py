"""Parcels: everything of a newsroom in one file of JSON lines, to be kept, read, or opened in another house."""
