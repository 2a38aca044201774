"""The learner's settings: the text of settings.toml goes in, `Settings` and sentences on what is wrong come out.

Open `schema.py` first: it says what can be set, and reads. `file.py` writes, and keeps the learner's comments. Keys of
the learner's own are in `Settings.keys`, by the ids of the commands that `tutor.tui.commands` lists.
"""
