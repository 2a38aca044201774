"""The kind `value`: a number or an array from a formula, or from its gradient."""
