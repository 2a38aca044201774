"""More wrong programs, in other styles: written when the diagnosis could tell those of corpus.py. Marks as there."""

from __future__ import annotations

from .corpus import SIGMOID, A, B, C, L, S, T, V, wrong

MORE = (
    wrong(A, """
def q2a(x, y, z):
    total = np.add(x, y)
    out = np.multiply(total, z)
    d_total = z
    d_z = x * y  #! added_for_multiplied|multiplied_for_added|wrong_cache
    return out, d_total, d_total, d_z
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    g = {}
    g['out'] = np.ones_like(out)
    g['a'] = g['out'] + z  #! added_upstream|added_for_multiplied
    g['z'] = g['out'] * a
    return out, g['a'], g['a'], g['z']
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    fx, fy, fz = z, z, z  #! mul_unswapped|wrong_cache
    return out, fx, fy, fz
"""),
    wrong(A, """
def q2a(x, y, z):
    a = x + y
    out = a * z
    fx = z
    fz = a
    fy = None
    return out, fx, fy, fz  #! returned_none
"""),
    wrong(A, """
def q2a(x, y, z):
    def forward(x, y, z):
        a = x + y
        return a, a * z
    a, out = forward(x, y, z)
    up = 1.0
    dz = up * a
    da = up * z
    dx = da * (x + 1)  #! extra_factor|shift_times_input
    dy = da
    return out, dx, dy, dz
"""),
    wrong(B, """
def q2b(x, y, z):
    x2 = x ** 2
    y2 = 2 * y
    s = x2 + y2
    z3 = z ** 3
    out = s * z3
    ds = z3
    dz3 = s
    dx2 = ds
    dy2 = ds
    hx = dx2 * x2  #! wrong_cache|upstream_times_value
    hy = dy2 * 2
    hz = dz3 * 3 * z ** 2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    cache = (x**2 + 2*y, z**3)
    s, c = cache
    out = s * c
    hx = 2 * x * c
    hy = 2 * c
    hz = s * 3 * z * 2  #! product_for_power|pow_lost_power|constant
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2*y
    c = a + b
    d = z**3
    out = c*d
    dc = d
    dd = c
    hx = dc * x**3 / 3  #! pow_as_integral
    hy = dc * 2
    hz = dd * 3 * z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    b = 2*y
    c = a + b
    d = z**3
    out = c*d
    hc = d
    hd = c
    hx = hc*2*x
    hy = hc*2*y  #! extra_factor|mul_both_inputs
    hz = hd*3*z**2
    return out, hx, hy, hz
"""),
    wrong(B, """
def q2b(x, y, z):
    a = x**2
    c = a - 2*y  #! sum_as_difference|sign_flipped
    d = z**3
    out = c*d
    hx = d*2*x
    hy = 2*d
    hz = c*3*z**2
    return out, hx, hy, hz
"""),
    wrong(C, """
def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    d = c**2
    out = d + 4*x
    upstream = 1
    gd = upstream
    gc = 2*gd*c
    ga = gc
    gb = gc
    gx = ga*(1/x)
    gx += 4*x  #! extra_factor|mul_both_inputs
    gy = gb*np.cos(y)
    gz = np.zeros(z.shape) if np.ndim(z) else 0.0
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    s = np.log(x) + np.sin(y)
    out = s**2 + 4*x
    ds = 2*s
    gx = (ds + 4)/x  #! brackets
    gy = ds*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    s = np.log(x) + np.sin(y)
    out = s**2 + 4*x
    ds = 2*s
    gx = ds/np.log(x) + 4  #! log_inverse|extra_function
    gy = ds*np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
"""),
    wrong(C, """
def q2c(x, y, z):
    s = np.log(x) + np.sin(y)
    out = s**2 + 4*x
    ds = 2*s
    gx = ds/x + 4
    gy = ds*np.cos(y)
    gz = np.ones_like(z)  #! function|unused_input
    return out, gx, gy, gz
"""),
    wrong(S, """
def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    dc = -1 / c**2
    db = dc * c  #! add_acts_like_mul|extra_factor|upstream_times_value
    da = db * b
    fx = -da
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    out = 1 / (1 + np.exp(-x))
    e = np.exp(-x)
    fx = e / (1 + e)  #! power_missing
    return out, fx
"""),
    wrong(S, """
def sigmoid(x):
    b = np.exp(-x)
    out = 1 / (1 + b)
    fx = out - out  #! power_missing|brackets
    return out, fx
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    lx = np.log(x)
    sy = np.sqrt(y)
    c = sigmoid(sy)
    d = x + y
    k = d ** 2
    m = sigmoid(k)
    num = lx * c
    out = num / m
    dnum = 1 / m
    dm = -num / m ** 2
    dk = dm * m * (1 - m)
    dd = dk * 2 * d
    dlx = dnum * c
    dc = dnum * lx
    dsy = dc * c * (1 - c)
    fx = dlx / x
    fy = dsy / (2 * sy)
    fx += dd
    fy = fy + dk  #! wrong_upstream|skipped_a_gate
    return out, fx, fy
"""),
    wrong(L, SIGMOID + """
def complex_layer(x, y):
    a = np.log(x)
    b = np.sqrt(y)
    c = sigmoid(b)
    m = sigmoid((x + y) ** 2)
    out = a * c / m
    common = -out * (1 - m) * (x + y)  #! constant_dropped
    fx = c / m / x + common
    fy = a / m * c * (1 - c) / (2 * b) + common
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
    dk = dm * sigmoid(m) * (1 - sigmoid(m))  #! sigmoid_twice|wrong_cache
    dd = dk * 2 * d
    fx = dn * c / x + dd
    fy = dn * a * c * (1 - c) / (2 * b) + dd
    return out, fx, fy
"""),
    wrong(T, """
def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dc = 2 * np.log(c ** 2)  #! recip_log
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
    grad_c = -2 / c * 2  #! product_for_power|constant|div_den_no_square|brackets
    grad_b = grad_c * np.cos(b)
    grad_a = grad_b * b
    fx = grad_a * -1
    return out, fx
"""),
    wrong(T, """
def two_over_sine(x):
    u = np.exp(-x)
    v = np.sin(u)
    out = 2 / v
    dv = -2 / v**2
    du = dv * np.sin(u)  #! sin_not_cos|function
    fx = -u * du
    return out, fx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = np.sum(q * q)
    dq = 2 * q
    gW = x.T @ dq  #! matmul_order|no_transpose
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = np.dot(W, x)
    out = np.sum(np.square(q))
    grad_q = 2 * np.sum(q)  #! extra_sum
    gW = np.dot(grad_q * np.ones_like(q), x.T)
    gx = np.dot(W.T, grad_q * np.ones_like(q))
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    s = q ** 2
    out = np.sum(s)
    ds = np.ones_like(s)
    dq = ds * 2 * s  #! pow_no_decrement|wrong_cache
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
"""),
    wrong(V, """
def squared_norm(W, x):
    q = W @ x
    out = float(np.sum(q ** 2))
    dq = 2 * q
    gW = np.sum(dq @ x.T)  #! extra_sum
    gx = W.T @ dq
    return out, gW, gx
"""),
)  # fmt: skip
