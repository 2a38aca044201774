"""backprop-tutor: learn backpropagation by doing it."""
