"""Tests of the link model, the generated register they use, and the bench."""
