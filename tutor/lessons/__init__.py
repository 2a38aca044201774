"""Lessons and words: what there is to read, and which of it a blank is about.

Everything that is said is in three files of data: `lessons.toml`, ten lessons that each end in a question;
`glossary.toml`, the words; `subjects.toml`, which of them a blank is about, by its gate and part. In comes a place (a
session, its step and blank), an id or a word; out come a `Lesson`, a `Word` or a `Subject`. Open `texts.py` first,
which is light: reading the files, finding, searching. `subjects.py` goes from a blank to its subject, and `trial.py`
makes the question at the end of a lesson, which is judged like any other.
"""

from tutor.lessons.texts import Lesson, Word, find_lesson, find_word, lessons, matching, words

__all__ = ["Lesson", "Word", "find_lesson", "find_word", "lessons", "matching", "words"]
