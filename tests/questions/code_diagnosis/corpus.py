"""Wrong programs as students write them. `#!` marks the first wrong line and says by which names its mistake may go."""

from __future__ import annotations

import re
from dataclasses import dataclass

STAGINGS = {
    "node-way/a": ("a = x + y\nf = a z", "s = x + y\np = s z"),
    "node-way/b": (
        "a = x^2\nb = 2y\nc = a + b\nd = z^3\nh = c d",
        "sq = x^2\ndouble = 2 y\nsum1 = sq + double\ncube = z^3\nh = sum1 cube",
    ),
    "node-way/c": (
        "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k",
        "u = ln x\nv = sin y\ns = u + v\nq = s^2\nr = 4 x\ng = q + r",
    ),
    "sigmoid/gates": ("a = -x\nb = e^a\nc = 1 + b\nd = 1/c",),
    "layers/complex": (
        "a = ln x\nb = sqrt(y)\nc = σ(b)\nd = x + y\nk = d^2\nm = σ(k)\nn = a c\nf = n/m",
        "a = ln x\nb = sqrt(y)\nc = σ(b)\nd = x + y\nk = d^2\nm = σ(k)\nr = 1/m\nn = a c\nf = n r",
    ),
    "layers/two-over-sine": ("a = -x\nb = e^a\nc = sin b\nf = 2/c", "n = -x\nt = exp(n)\ns = sin t\nf = 2/s"),
    "vectors/squared-norm": ("q = W @ x\nf = ||q||^2", "h = W @ x\ns = h^2\nf = sum(s)"),
}

_MARK = re.compile(r"[ \t]*#! *(\S*)[ \t]*$")


@dataclass(frozen=True)
class Wrong:
    """One program: the exercise, which of its stagings, the source, the true line and the mistake's names."""

    exercise: str
    staging: int
    source: str
    line: int
    mistakes: frozenset[str]

    @property
    def label(self) -> str:
        """For the name of the test."""
        return f"{self.exercise}:{self.line}:{'|'.join(sorted(self.mistakes))}"


def wrong(exercise: str, source: str, staging: int = 0) -> Wrong:
    lines = source.strip("\n").splitlines()
    ((line, found),) = [(n, m) for n, text in enumerate(lines, 1) if (m := _MARK.search(text))]
    clean = "\n".join(_MARK.sub("", text) for text in lines) + "\n"
    return Wrong(exercise, staging, clean, line, frozenset(found[1].split("|")))


A, B, C = "node-way/a", "node-way/b", "node-way/c"
S, L, T, V = "sigmoid/gates", "layers/complex", "layers/two-over-sine", "vectors/squared-norm"
SIGMOID = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n\n\n"

CORPUS = (
    # (x + y) z
    wrong(A, """
def q2a(x, y, z):
    # forward pass
    a = x + y
    out = a * z

    # backward pass
    dout = np.ones_like(out)
    da = dout * a  #! mul_unswapped|wrong_cache
    fz = dout * a
    fx = da
    fy = da
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    s = x + y
    p = s * z
    dp = 1.0
    ds = dp * z
    dz = dp * s
    dx = ds * y  #! add_acts_like_mul|extra_factor
    dy = ds
    return p, dx, dy, dz
""", 1),
    wrong(A, """
def q2a(x, y, z):
    a = x - y  #! sum_as_difference
    out = a * z
    da = z
    fx = da
    fy = da
    fz = a
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    out = (x + y) * z
    fx = z
    fy = z
    fz = x + y
    return out, fx, fz, fy  #! wrong_order
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    df_da = z
    df_dz = a
    fx = df_da
    fy = -df_da  #! sign_flipped|sub_lost_sign|extra_sign
    fz = df_dz
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    fa = z
    fz = a * z  #! mul_both_inputs|value_for_gradient
    fx = fa * 1
    fy = fa * 1
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    da = z
    fx = da
    fy = da
    fz = a  #! returned_none
"""),
    wrong(A, """
def q2a(x, y, z):
    sum_ = x + y
    out = sum_ * z
    grad_out = np.ones_like(out)
    grad_sum_ = grad_out * z
    fx = fy = grad_sum_
    fz = grad_out  #! mul_acts_like_add|forgot_local
    return out, fx, fy, fz
""", 1),
    wrong(A, """
def q2a(x, y, z):
    x += y  #! changed_in_place
    out = x * z
    return out, z, z, x
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    dout = np.ones_like(out)
    fz = dout * a
    da = dout
    da *= z
    fx = da
    fy = da / 2  #! add_splits|extra_factor
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    dout = np.ones_like(out)
    da = dout
    da *= z  #! changed_through_alias
    fz = dout * a
    fx = da
    fy = da
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    fx = z
    fy = z
    fz = np.sum(a)  #! extra_sum
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    dz = a
    da = z
    dx, dy = da, da
    return (out, dx, dy, da)  #! wrong_variable_returned|wrong_upstream|mul_unswapped
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    return np.array([out, z, z, a])  #! packed_return
"""),
    wrong(A, """
def q2a(x, y, z):
    out = x + y * z  #! brackets
    fx = z
    fy = z
    fz = x + y
    return out, fx, fy, fz
"""),
    # (x² + 2y) z³
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2 * y
    c = a + b
    d = z**3
    out = c * d

    dout = np.ones_like(out)
    dc = dout * d
    dd = dout * c
    da = dc
    db = dc
    hx = da * x  #! pow_no_coefficient|constant_dropped
    hy = 2 * db
    hz = dd * 3 * z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x ** 2
    b = 2 * y
    c = a + b
    d = z ** 3
    out = c * d
    hc = d
    hd = c
    ha = hc
    hb = hc
    hx = ha * 2 * x
    hy = hb * 2
    hz = hd * 3 * z ** 3  #! pow_no_decrement
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    sq = x * x
    double = 2 * y
    sum1 = sq + double
    cube = z**3
    out = sum1 * cube
    dsum1 = sum1  #! mul_unswapped|wrong_cache
    dcube = sum1
    hx = dsum1 * 2 * x
    hy = dsum1 * 2
    hz = dcube * 3 * z**2
    return out, hx, hy, hz
""", 1),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2*y
    c = a + b
    d = z**3
    out = c*d
    dout = 1
    dc = dout*d
    dd = dout*c
    hx = dc*2*x
    hy = dc  #! const_scale_dropped|constant_dropped
    hz = dd*3*z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2*y
    c = a + b
    d = z**3
    out = c*d
    grads = {}
    grads['c'] = d
    grads['d'] = c
    grads['a'] = grads['c']
    grads['b'] = grads['c']
    hx = grads['a'] * 2 * x
    hy = grads['b'] * 2
    hz = grads['c'] * 3 * z**2  #! wrong_upstream
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    t1 = x**2 + y  #! constant_dropped|missing_factor
    t2 = z**3
    out = t1 * t2
    hx = t2 * 2 * x
    hy = t2 * 2
    hz = t1 * 3 * z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2 * y
    c = a + b
    d = z**3
    out = c * d
    hx = 2 * x
    hx = hx * d
    hy = 2 * d
    hz = 3 * z**2  #! forgot_upstream|missing_factor
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = np.square(x)
    b = np.multiply(2, y)
    c = np.add(a, b)
    d = np.power(z, 2)  #! power_one_less|constant
    out = np.multiply(c, d)
    hx = 2 * x * d
    hy = 2 * d
    hz = 3 * z**2 * c
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    f = lambda x, y, z: (x**2 + 2*y) * z**3
    out = f(x, y, z)
    hx = 2 * x * z**3
    hy = 2 * z**3
    hz = 2 * (x**2 + 2*y) * z**2  #! constant|pow_coef_decremented
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    c = x**2 + 2*y
    d = z**3
    out = c*d
    upstream = 1
    grad_c = upstream * d
    grad_d = upstream * c
    hx = grad_c + 2*x  #! added_for_multiplied|added_upstream
    hy = grad_c * 2
    hz = grad_d * 3 * z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2*y
    c = a + b
    d = z**3
    out = c*d
    hx = d * (2*x)
    hy = d * 2
    hz = c * d * 3 * z**2  #! extra_factor
    return out, hx, hy, hz
"""),
    # (ln x + sin y)² + 4x
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    d = c**2
    k = 4*x
    out = d + k

    dd = np.ones_like(out)
    dk = np.ones_like(out)
    dc = dd * 2 * c
    da = dc
    db = dc
    gx = dk * 4
    gx = da / x  #! overwrote_branch
    gy = db * np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c**2 + 4*x
    dc = 2*c
    gx = dc / x  #! one_branch_only|missed_branch|overwrote_branch
    gy = dc * np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    d = c**2
    k = 4*x
    out = d + k
    dc = 2*c
    gx = dc * (1/x) + 4
    gy = dc * np.cos(b)  #! trig_at_output|wrong_cache
    gz = np.zeros_like(x)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    u = np.log(x)
    v = np.sin(y)
    s = u + v
    q = s**2
    r = 4*x
    out = q + r
    dq = 1
    dr = 1
    ds = dq * 2 * s
    du = ds
    dv = ds
    gx = du * x + dr * 4  #! log_times|multiplied_for_divided
    gy = dv * np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
""", 1),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c**2 + 4*x
    dc = 2*c
    gx = dc/x + 4
    gy = -dc*np.cos(y)  #! sin_sign|sign_flipped|extra_sign
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c**2 + 4*x
    dc = 2*c
    gx = dc/x + 4
    gy = dc*np.cos(y)
    gz = 0  #! constant_for_array
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log10(x)  #! log_base|log_base_ten
    b = np.sin(y)
    c = a + b
    d = c**2
    k = 4*x
    out = d + k
    dc = 2*c
    gx = dc/x + 4
    gy = dc*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(np.radians(y))  #! degrees|sin_degrees
    c = a + b
    d = c**2
    out = d + 4*x
    dc = 2*c
    gx = dc/x + 4
    gy = dc*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    ln_x = np.log(x)
    sin_y = np.sin(y)
    inner = ln_x + sin_y
    out = inner**2 + 4*x
    g_inner = inner  #! pow_no_coefficient|constant_dropped
    gx = g_inner/x + 4
    gy = g_inner*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    d = c**2
    k = 4*x
    out = d + k
    dc = 2*c
    da = dc
    db = dc
    gx1 = 4
    gx2 = da/x
    gx = gx1 * gx2  #! multiplied_branches|multiplied_for_added
    gy = db*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c**2 + 4*x
    dc = 2*c
    gx = dc/x + 4
    gy = dc*np.sin(y)  #! sin_not_cos|function
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c**2 + 4*x
    gx = 2*(np.log(x) + np.sin(y))/x + 4
    gy = 2*np.log(x) + np.sin(y)*np.cos(y)  #! brackets
    gz = z*0
    return out, gx, gy, gz
"""),
    # the sigmoid
    wrong(S, """
def sigmoid(x):
    # forward pass
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d

    # backward pass
    dd = np.ones_like(out)
    dc = dd / c**2  #! recip_sign|sign_flipped
    db = dc
    da = db * b
    fx = -da
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    dd = 1
    dc = dd * (-1 / c**2)
    db = dc
    da = db * a  #! exp_at_input|wrong_cache
    fx = da * -1
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    fd = 1
    fc = -fd / c**2
    fb = fc * 1
    fa = fb * np.exp(b)  #! local_at_output_exp|wrong_cache
    fx = -fa
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    fx = d * (1 + d)  #! sign_flipped
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    dc = -1 / c  #! recip_no_square|power_missing
    db = dc
    da = db * b
    fx = -da
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    dc = -d**2
    db = dc
    da = db * b
    fx = da  #! neg_lost_sign|sign_flipped
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 // c  #! integer_division
    out = d
    dc = -1 / c**2
    da = dc * b
    fx = -da
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    out = 1 / (1 + np.exp(-x))
    s = out
    fx = s * (1 - x)  #! wrong_cache
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    out = 1 / 1 + np.exp(-x)  #! brackets
    fx = out * (1 - out)
    return out, fx
"""),
    # a layer of everything
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m

    fn = 1 / m
    fm = -n / m**2
    fk = fm * m * (1 - m)
    fd = fk * 2 * d
    fa = fn * c
    fc = fn * a
    fb = fc * sigmoid(c) * (1 - sigmoid(c))  #! sigmoid_twice|wrong_cache
    fy = fb / (2 * np.sqrt(y)) + fd
    fx = fa / x + fd
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m
    dn = 1 / m
    dm = -n / m  #! div_den_no_square|power_missing
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    da = dn * c
    dc = dn * a
    db = dc * c * (1 - c)
    fx = da / x + dd
    fy = db * 0.5 / b + dd
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    r = 1 / m
    n = a * c
    out = n * r
    dn = r
    dr = n
    dm = dr * -1 / m**2
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    dc = dn * a
    da = dn * c
    db = dc * c * (1 - c)
    fx = dd
    fy = dd
    fx = da / x  #! overwrote_branch
    fy += db / (2 * b)
    return out, fx, fy
""", 1),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m
    dn = 1 / m
    dm = -n / m**2
    dk = dm * (1 - m)  #! sigmoid_one_factor|missing_factor
    dd = dk * 2 * d
    da = dn * c
    dc = dn * a
    db = dc * c * (1 - c)
    fx = da / x + dd
    fy = db / (2 * b) + dd
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m
    dn = 1 / m
    dm = -n / m**2
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    da = dn * c
    dc = dn * a
    db = dc * c * (1 - c)
    fx = da / x + dd
    fy = db / np.sqrt(y) + dd  #! sqrt_no_half|constant_dropped
    return out, fx, fy
"""),
    wrong(L, """
def sigmoid(x):
    return 1 / (1 + np.exp(x))  #! sigmoid_sign_lost|sign_flipped


def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m
    dn = 1 / m
    dm = -n / m**2
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    fx = dn * c / x + dd
    fy = dn * a * c * (1 - c) / (2 * b) + dd
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d * 2  #! power_as_product|product_for_power
    m = sigmoid(k)
    n = a * c
    out = n / m
    dn = 1 / m
    dm = -n / m**2
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    fx = dn * c / x + dd
    fy = dn * a * c * (1 - c) / (2 * b) + dd
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    top = np.log(x) * sigmoid(np.sqrt(y))
    low = sigmoid((x + y) ** 2)
    out = top / low
    d_top = 1 / low
    d_low = top / low**2  #! div_den_sign|sign_flipped
    d_sum = d_low * low * (1 - low) * 2 * (x + y)
    s = sigmoid(np.sqrt(y))
    fx = d_top * s / x + d_sum
    fy = d_top * np.log(x) * s * (1 - s) / (2 * np.sqrt(y)) + d_sum
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    d = x + y
    k = d**2
    m = sigmoid(k)
    n = a * c
    out = n / m
    grad_n = 1 / m
    grad_m = -n / m**2
    grad_k = grad_m * m * (1 - m)
    grad_d = grad_k * 2 * k  #! wrong_cache|pow_no_decrement
    grad_a = grad_n * c
    grad_c = grad_n * a
    grad_b = grad_c * c * (1 - c)
    fx = grad_a / x + grad_d
    fy = grad_b / (2 * b) + grad_d
    return out, fx, fy
"""),
    # 2 / sin(e^-x)
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dc = -2 / c**2
    db = dc * -np.cos(b)  #! sin_sign|sign_flipped|extra_sign
    da = db * b
    fx = -da
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dc = 2 / c**2  #! recip_sign|sign_flipped
    db = dc * np.cos(b)
    da = db * np.exp(a)
    fx = da * -1
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    n = -x
    t = np.exp(n)
    s = np.sin(t)
    out = 2 / s
    dout_ds = -1 / s**2  #! div_den_no_numerator|constant
    ds_dt = np.cos(t)
    dt_dn = t
    dn_dx = -1
    fx = dout_ds * ds_dt * dt_dn * dn_dx
    return out, fx
""", 1),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    g = np.ones_like(out)
    g = g * -2 / c**2
    g = g * np.cos(c)  #! trig_at_output|wrong_cache
    g = g * b
    g = -g
    fx = g
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dout_dc = -2 / c**2
    dc_db = np.cos(b)
    db_da = np.exp(x)  #! wrong_cache|sign_flipped
    da_dx = -1
    fx = dout_dc * dc_db * db_da * da_dx
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dout_dc = -2 / c**2
    dc_db = np.cos(b)
    db_da = b
    da_dx = -1
    fx = dout_dc * dc_db * da_dx  #! missing_factor|skipped_a_gate
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    b = np.exp(-x)
    c = np.sin(b)
    out = 2 / c
    fx = -2 / c**2 * np.cos(b) * b  #! sign_flipped|neg_lost_sign
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(np.deg2rad(b))  #! degrees|sin_degrees
    out = 2 / c
    dc = -2 / c**2
    db = dc * np.cos(b)
    da = db * b
    fx = -da
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dc = -2 / c**2
    db = dc * np.cos(b)
    da = db * b
    fx = -da
    return out, [fx, da]  #! nested_return
"""),
    # ||W x||²
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = 2 * q
    gW = dq @ x.T
    gx = W @ dq  #! no_transpose|matmul_dB_no_T|matmul_b_no_transpose
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = q  #! constant_dropped|pow_no_coefficient
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    h = W.dot(x)
    s = h**2
    out = s.sum()
    ds = np.ones_like(s)
    dh = ds * 2 * h
    gW = (x @ dh.T)  #! outer_transposed|matmul_order|no_transpose
    gx = W.T.dot(dh)
    return out, gW, gx
""", 1),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = 2 * q
    gW = dq * x  #! star_for_matmul|elementwise_for_matmul|no_transpose
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = q.T @ q  #! wrong_shape
    dq = 2 * q
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.mean(q**2)  #! averaged
    dq = 2 * q
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.linalg.norm(q)  #! root_taken
    dq = 2 * q
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = 2 * q
    gW = np.outer(dq, x)
    gx = (W.T @ dq).ravel()  #! wrong_shape
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    gW = 2 * q @ x.T
    gx = 2 * x.T @ W  #! wrong_cache
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = (W @ x).astype(int)  #! int_cast
    out = np.sum(q**2)
    dq = 2 * q
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = 2 * out * q  #! seed_not_one|extra_factor
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = np.zeros((2, 1))
    for i in range(2):
        for j in range(2):
            q[i, 0] += W[i, j] * x[j, 0]
    out = np.sum(q**2)
    dq = 2 * q
    gW = np.zeros_like(W)
    for i in range(2):
        for j in range(2):
            gW[i, j] = dq[j, 0] * x[j, 0]  #! wrong_index
    gx = W.T @ dq
    return out, gW, gx
"""),
)  # fmt: skip


def programs_of(exercise: str) -> list[Wrong]:
    """The programs of one exercise."""
    return [one for one in CORPUS if one.exercise == exercise]
