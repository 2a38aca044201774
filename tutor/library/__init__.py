"""Exercise files: their format, reading them, the mathematics they hold."""
