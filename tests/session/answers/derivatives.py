"""By hand, with the rules of a calculus course."""

from __future__ import annotations

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "derivatives/rules": [
        ("0", "99"),
        ("3", "3x"),
        ("3x^2", "x^2"),
        ("2x + 3", "2x + 3x"),
        ("2x - 3", "2x + 3"),
        ("2x*x + x^2*1", "2x"),
        ("2/x", "1/x^2"),
    ],
    "derivatives/one-variable": [
        ("2", "2x"),
        ("1/t", "t ln t - t"),
        ("t^2", "t^3"),
        ("2/t + t^2", "3"),
        ("2x y", "2x"),
        ("x^2 - 2y", "x^2"),
        ("2t^2 * 2t * 2t + (t^4 - 4t)*2", "8t^4"),
        ("-3.375", "2"),
    ],
    "derivatives/two-variables": [
        ("6x - 2y", "6x - 2y + 2x"),
        ("2y - 2x", "2y"),
        ("3(6(3a + 2b) - 2(4a - b)) + 4(2(4a - b) - 2(3a + 2b))", "18a + 34b"),
        ("18a + 34b", "28a + 26b"),
        ("46", "60"),
        ("9 + 51", "54"),
    ],
    "derivatives/formula": [
        ("dw/dx dx/dt + dw/dy dy/dt + dw/dz dz/dt", "dw/dx dx/dt + dw/dy dy/dt"),
        ("w_z z_u + w_x x_u + w_y*y_u", "w_x + w_y + w_z"),
        ("dw/dp (dp/dx dx/dt + dp/dy dy/dt)", "dw/dp dp/dx dx/dt * dw/dp dp/dy dy/dt"),
        ("b", "a"),
        ("c", "b"),
    ],
    "derivatives/direct-and-through": [
        ("∂y/∂x + ∂y/∂z * dz/dx", "∂y/∂x + ∂y/∂z"),
        ("y_z z_w", "y_w y_z"),
        ("c", "a"),
        ("2x", "2x + 3w"),
        ("2x + 3w", "2x + 3"),
        ("y_x + y_z (z_x + z_q q_x)", "y_x + y_z z_x"),
    ],
    "derivatives/linear-map": [
        ("6", "9"),
        ("0.6", "6"),
        ("0.61", "0.01"),
        ("0.0025", "0.005"),
        ("[5, 1.5]", "[3, 1.5]"),
        ("0.04", "0.16"),
        ("[[2, 1.5], [1, 3]]", "[[1.5, 2], [1, 3]]"),
        ("[-0.02, -0.1]", "[0, -0.09]"),
        ("c", "a"),
    ],
}
