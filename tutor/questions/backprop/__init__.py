"""The kind `backprop`: stage, forward, backward, code, descend, all on the learner's own graph."""
