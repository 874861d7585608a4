"""The whole hub in one encrypted file, and back: database, keys, secrets and the witness record."""
