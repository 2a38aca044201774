"""The widgets of the app: parts of screens that keep no progress and know no session.

What they show comes in by their `show` methods; what is typed, chosen or clicked goes out as a message, or as a call
where nothing typed may overtake it. `work_pane.py`, in which answers are typed, is the file to open first.
"""
