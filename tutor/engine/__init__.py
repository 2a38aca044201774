"""The engine: gates, graphs of gates, and the true forward and backward passes over them."""
