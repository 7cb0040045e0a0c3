"""Second, independent implementation of the rules: plain Python, for comparison only."""
