"""A build: its databases, whether it ended well, what it published, and its fingerprints."""
