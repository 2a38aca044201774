"""Judging a Python function or class: one harness for each of the things that can be asked for."""
