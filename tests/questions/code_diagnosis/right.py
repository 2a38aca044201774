"""Right programs, each exercise in at least five styles."""

from __future__ import annotations

from .corpus import SIGMOID, A, B, C, L, S, T, V

RIGHT: dict[str, tuple[str, ...]] = {
    A: (
        """def q2a(x, y, z):
    a = x + y
    out = a * z
    dout = np.ones_like(out)
    da = dout * z
    fz = dout * a
    fx = da
    fy = da
    return out, fx, fy, fz
""",
        """def q2a(x, y, z):
    return (x + y) * z, z, z, x + y
""",
        """def q2a(x, y, z):
    g = {}
    s = x + y
    out = s * z
    g['s'] = z
    g['x'] = g['s']
    g['y'] = g['s']
    g['z'] = s
    return out, g['x'], g['y'], g['z']
""",
        """def q2a(x, y, z):
    out = np.multiply(np.add(x, y), z)
    return [out, np.ones_like(x) * z, 1.0 * z, np.add(x, y)]
""",
        """def q2a(x, y, z):
    if np.ndim(x) == 0:
        return (x + y) * z, z, z, x + y
    out = np.zeros(x.shape)
    fx = np.zeros(x.shape)
    fy = np.zeros(x.shape)
    fz = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        out[i] = (x[i] + y[i]) * z[i]
        fx[i] = z[i]
        fy[i] = z[i]
        fz[i] = x[i] + y[i]
    return out, fx, fy, fz
""",
        """def q2a(x, y, z):
    a = z
    b = x + y
    c = b * a
    dc = 1
    db = dc * a
    da = dc * b
    dx, dy = db, db
    return c, dx, dy, da
""",
    ),
    B: (
        """def q2b(x, y, z):
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
    hx = da * 2 * x
    hy = db * 2
    hz = dd * 3 * z**2
    return out, hx, hy, hz
""",
        """def q2b(x, y, z):
    c = x * x + y + y
    z2 = z * z
    z3 = z2 * z
    out = c * z3
    return out, (x + x) * z3, z3 * 2.0, 3 * c * z2
""",
        """def q2b(x, y, z):
    f = lambda x, y, z: (x**2 + 2*y) * z**3
    dx = lambda x, z: 2 * x * z**3
    return f(x, y, z), dx(x, z), 2*z**3, 3*(x**2 + 2*y)*z**2
""",
        """def q2b(x, y, z):
    inner = np.power(x, 2) + np.multiply(2, y)
    cube = np.power(z, 3)
    out = inner * cube
    g_inner = cube
    g_cube = inner
    hx = g_inner
    hx = hx * 2 * x
    hy = 2 * g_inner
    hz = g_cube * 3
    hz = hz * np.square(z)
    return out, hx, hy, hz
""",
        """def q2b(x, y, z):
    a = x**2
    c = a + 2*y
    d = z**3
    out = c * d
    da = 2 * x
    dd = 3 * z**2
    hx = d * da
    hy = 2 * d
    hz = c * dd
    return out, hx, hy, hz
""",
        """def q2b(x, y, z):
    a, b, d = x**2, 2*y, z**3
    c = a + b
    out = c*d
    up = 1.0
    up_c, up_d = up*d, up*c
    return (out, up_c*2*x, up_c*2, up_d*3*z**2)
""",
    ),
    C: (
        """def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    d = c**2
    k = 4 * x
    out = d + k
    dd = np.ones_like(out)
    dk = np.ones_like(out)
    dc = dd * 2 * c
    da = dc
    db = dc
    gx = da / x
    gx += dk * 4
    gy = db * np.cos(y)
    gz = np.zeros_like(z)
    return out, gx, gy, gz
""",
        """def q2c(x, y, z):
    s = np.log(x) + np.sin(y)
    return s**2 + 4*x, 2*s/x + 4, 2*s*np.cos(y), 0*z
""",
        """def q2c(x, y, z):
    t1 = np.log(x)
    t2 = np.sin(y)
    t3 = t1 + t2
    out = np.square(t3) + 4*x
    g3 = 2*t3
    g1 = g3
    g2 = g3
    gx1 = g1*(1/x)
    gx2 = 4
    gx = gx1 + gx2
    gy = g2*np.cos(y)
    gz = np.zeros(np.shape(z))
    return out, gx, gy, gz
""",
        """def q2c(x, y, z):
    a = np.log(x)
    b = np.sin(y)
    c = a + b
    out = c*c + 4*x
    da_dx = 1/x
    db_dy = np.cos(y)
    dout_dc = 2*c
    gx = dout_dc*da_dx + 4
    gy = dout_dc*db_dy
    gz = z - z
    return out, gx, gy, gz
""",
        """def q2c(x, y, z):
    import math
    u = np.log(x)
    v = np.sin(y)
    out = (u + v)**2 + 4*x
    grad = dict()
    grad['s'] = 2*(u + v)
    grad['x'] = 4 * np.ones_like(x)
    grad['x'] = grad['x'] + grad['s']/x
    grad['y'] = grad['s']*np.sin(y + math.pi/2)
    grad['z'] = np.zeros_like(z)
    return out, grad['x'], grad['y'], grad['z']
""",
    ),
    S: (
        """def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    d = 1 / c
    out = d
    dd = 1
    dc = -dd / c**2
    db = dc
    da = db * b
    fx = -da
    return out, fx
""",
        """def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s, s * (1 - s)
""",
        """def sigmoid(x):
    b = np.exp(-x)
    out = 1 / (1 + b)
    fx = b / (1 + b)**2
    return out, fx
""",
        """def sigmoid(x):
    out = 0.5 * (1 + np.tanh(x / 2))
    fx = out - out**2
    return out, fx
""",
        """def sigmoid(x):
    a = -x
    b = np.exp(a)
    c = 1 + b
    out = c**-1
    g = np.ones_like(out)
    g = g * -1 * c**-2
    g = g * 1
    g = g * b
    g = -1 * g
    return out, g
""",
    ),
    L: (
        SIGMOID
        + """def complex_layer(x, y):
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
    fb = fc * c * (1 - c)
    fy = fb / (2 * b) + fd
    fx = fa / x + fd
    return out, fx, fy
""",
        SIGMOID
        + """def complex_layer(x, y):
    s, t = sigmoid(np.sqrt(y)), sigmoid((x + y)**2)
    out = np.log(x) * s / t
    rest = -out * (1 - t) * 2 * (x + y)
    return out, s / t / x + rest, np.log(x) / t * s * (1 - s) / (2 * np.sqrt(y)) + rest
""",
        SIGMOID
        + """def complex_layer(x, y):
    def dsig(v):
        s = sigmoid(v)
        return s * (1 - s)
    a = np.log(x)
    b = np.sqrt(y)
    d = x + y
    m = sigmoid(d**2)
    out = a * sigmoid(b) / m
    dm = -a * sigmoid(b) / m**2
    dd = dm * dsig(d**2) * 2 * d
    fx = sigmoid(b) / m / x + dd
    fy = a / m * dsig(b) * 0.5 * y**-0.5 + dd
    return out, fx, fy
""",
        SIGMOID
        + """def complex_layer(x, y):
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
    dm = -dr * r**2
    dk = dm * m * (1 - m)
    dd = 2 * d * dk
    fx = dd * 1
    fy = dd * 1
    da = dn * c
    dc = dn * a
    db = dc * c * (1 - c)
    fx += da / x
    fy += db / 2 / b
    return out, fx, fy
""",
        SIGMOID
        + """def complex_layer(x, y):
    num = np.log(x) * sigmoid(y**0.5)
    den = 1 + np.exp(-(x + y)**2)
    out = num * den
    dnum = den
    dden = num
    de = dden * np.exp(-(x + y)**2)
    ds = -de * 2 * (x + y)
    h = sigmoid(y**0.5)
    fx = dnum * h / x + ds
    fy = dnum * np.log(x) * h * (1 - h) * 0.5 / y**0.5 + ds
    return out, fx, fy
""",
    ),
    T: (
        """def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    dc = -2 / c**2
    db = dc * np.cos(b)
    da = db * b
    fx = -da
    return out, fx
""",
        """def two_over_sine(x):
    b = np.exp(-x)
    return 2 / np.sin(b), 2 * b * np.cos(b) / np.sin(b)**2
""",
        """def two_over_sine(x):
    n = -x
    t = np.exp(n)
    s = np.sin(t)
    out = 2 * s**-1
    local = [-2 * s**-2, np.cos(t), t, -1]
    fx = local[0] * local[1] * local[2] * local[3]
    return out, fx
""",
        """def two_over_sine(x):
    b = np.exp(-x)
    c = np.sin(b)
    out = 2 / c
    dout_dc = -out / c
    dc_db = np.cos(b)
    db_da = b
    da_dx = -1
    fx = dout_dc * dc_db * db_da * da_dx
    return out, fx
""",
        """def two_over_sine(x):
    a = -x
    b = np.exp(a)
    c = np.sin(b)
    out = 2 / c
    g = 1.0
    g = g * -2 / c**2
    g *= np.cos(b)
    g *= np.exp(a)
    g *= -1
    return out, g
""",
    ),
    V: (
        """def squared_norm(W, x):
    q = W @ x
    out = np.sum(q**2)
    dq = 2 * q
    gW = dq @ x.T
    gx = W.T @ dq
    return out, gW, gx
""",
        """def squared_norm(W, x):
    q = W.dot(x)
    return (q * q).sum(), 2 * np.outer(q, x), 2 * W.T.dot(q)
""",
        """def squared_norm(W, x):
    q = np.matmul(W, x)
    out = np.linalg.norm(q)**2
    up = 1.0
    dq = up * 2 * q
    gW = np.matmul(dq, np.transpose(x))
    gx = np.matmul(np.transpose(W), dq)
    return out, gW, gx
""",
        """def squared_norm(W, x):
    q = W @ x
    out = (q.T @ q).item()
    gW = 2 * W @ x @ x.T
    gx = 2 * W.T @ W @ x
    return out, gW, gx
""",
        """def squared_norm(W, x):
    q = np.zeros((2, 1))
    for i in range(2):
        for j in range(2):
            q[i, 0] += W[i, j] * x[j, 0]
    out = 0.0
    for i in range(2):
        out += q[i, 0]**2
    dq = 2 * q
    gW = np.zeros_like(W)
    gx = np.zeros_like(x)
    for i in range(2):
        for j in range(2):
            gW[i, j] = dq[i, 0] * x[j, 0]
            gx[j, 0] += dq[i, 0] * W[i, j]
    return out, gW, gx
""",
    ),
}
