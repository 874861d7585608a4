"""Papers that the hub signs: a license as a PDF with the platform's signature."""
