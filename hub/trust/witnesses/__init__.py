"""Other hubs as witnesses of our log, ours as a witness of theirs, and what follows for a database that is behind."""
