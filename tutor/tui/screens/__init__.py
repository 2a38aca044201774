"""The screens of the app, one a file, each with its style sheet beside it.

What a screen shows comes in when it is made: a session, the exercises, the settings. What the learner wants goes out as
a message to the app, or, from a `Dialog`, as its result. `exercise.py` is the largest; `home.py` is open first.
"""
