"""The hub's offline bundle: its keys, status, plates and log as they are now, signed (docs/profiles/bundle.md)."""
