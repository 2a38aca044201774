"""The app in a browser, over `textual-serve` (the extra `[serve]`): a process of the app for each page that is open.

A host, a port and folders go in; pages and websockets come out. Open `server.py` first; `visitors.py` tells one visitor
from another, and says where the progress of each is kept. Nothing here knows an exercise.
"""
