"""The learner's settings: `schema.py` says what can be set and reads settings.toml, `file.py` writes it.

The file's text goes in, `Settings` and sentences about what is wrong come out. Keys that the learner has set anew are
in `Settings.keys`.
"""
