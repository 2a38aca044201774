"""The kind `derivative`: an expression, or its value at a point, judged against the derivative of equations."""
