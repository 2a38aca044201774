"""The terminal app: screens and widgets over a session. Only this room imports Textual.

Key presses and pasted text go in, by `steady_app.py`, one after the other; actions carry them to the session, and what
it says of an answer comes out on the screen. Nothing is judged here. `app.py` is the file to open first: it has the
messages of the screens and hands the work on. `screens/exercise.py` is where exercises are worked, `commands.py` the
table of all that keys do.
"""
