"""Right programs for blocks, written as people write them: with loops, `+=`, masks, caches and pairs of functions."""

MORE: dict[str, tuple[str, ...]] = {
    "blocks/relu-network": (
        """def relu_network(X, W, b, v, c):
    m = X.shape[0]
    z = np.dot(X, W) + b
    h = np.maximum(z, 0)
    e = np.dot(h, v) + c - np.array([1.4, -0.6])
    out = np.sum(e ** 2) / m
    de = 2 * e / m
    fc = np.sum(de)
    fv = np.dot(h.T, de)
    dh = np.outer(de, v)
    dz = dh * (z > 0)
    fW = np.dot(X.T, dz)
    fb = np.sum(dz, axis=0)
    fX = np.dot(dz, W.T)
    return out, fX, fW, fb, fv, fc
""",
        """def relu_network(X, W, b, v, c):
    out, fc = 0.0, 0.0
    fX, fW, fb, fv = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b), np.zeros_like(v)
    t = [1.4, -0.6]
    for i in range(len(X)):
        z = X[i] @ W + b
        h = np.where(z > 0, z, 0)
        e = h @ v + c - t[i]
        out += e ** 2 / len(X)
        de = 2 * e / len(X)
        fc += de
        fv += de * h
        dh = de * v
        dz = np.where(z > 0, dh, 0)
        fb += dz
        fW += np.outer(X[i], dz)
        fX[i] += W @ dz
    return out, fX, fW, fb, fv, fc
""",
    ),
    "blocks/residual": (
        """def residual(x, W, V):
    z = W @ x
    h = np.maximum(0, z)
    y = x + V @ h
    out = np.sum(y * y)
    dy = 2 * y
    fV = np.outer(dy, h)
    dh = V.T @ dy
    dz = dh.copy()
    dz[z <= 0] = 0
    fW = np.outer(dz, x)
    fx = W.T @ dz
    fx += dy
    return out, fx, fW, fV
""",
    ),
    "blocks/dropout": (
        """def dropout(x, W, v):
    mask = np.array([1.25, 0, 1.25, 1.25])
    z = W.dot(x)
    h = np.maximum(z, 0)
    d = h * mask
    out = v.dot(d)
    fv = d
    dd = v * 1.0
    dh = dd * mask
    dz = dh * (z > 0)
    fW = np.outer(dz, x)
    fx = W.T.dot(dz)
    return out, fx, fW, fv
""",
    ),
    "blocks/embedding": (
        """def classify(E, V):
    idx = np.array([2, 0, 2])
    n = len(idx)
    rows = E[idx]
    x = rows.mean(axis=0)
    z = x @ V
    p = np.exp(z - z.max())
    p = p / p.sum()
    out = -np.log(p[1])
    dz = p.copy()
    dz[1] -= 1
    fV = np.outer(x, dz)
    dx = V @ dz
    drows = np.tile(dx / n, (n, 1))
    fE = np.zeros_like(E)
    np.add.at(fE, idx, drows)
    return out, fE, fV
""",
        """def classify(E, V):
    words = [2, 0, 2]
    x = np.zeros(2)
    for w in words:
        x += E[w] / 3
    z = x @ V
    e = np.exp(z)
    p = e / np.sum(e)
    out = -np.log(p[1])
    dz = p - np.array([0, 1, 0])
    fV = np.outer(x, dz)
    dx = V @ dz
    fE = np.zeros(E.shape)
    for w in words:
        fE[w] += dx / 3
    return out, fE, fV
""",
    ),
    "blocks/max-pool": (
        """def convolve_and_pool(x, w):
    u = np.array([0.8, -1.1, 0.45])
    n = len(x) - 1
    c = np.zeros(n)
    for i in range(n):
        c[i] = w[0] * x[i] + w[1] * x[i + 1]
    pairs = c.reshape(3, 2)
    out = u @ pairs.max(axis=1)
    dc = np.zeros(n)
    for j in range(3):
        k = np.argmax(pairs[j])
        dc[2 * j + k] = u[j]
    fx = np.zeros(len(x))
    fw = np.zeros(2)
    for i in range(n):
        fx[i] += dc[i] * w[0]
        fx[i + 1] += dc[i] * w[1]
        fw[0] += dc[i] * x[i]
        fw[1] += dc[i] * x[i + 1]
    return out, fx, fw
""",
        """def convolve_and_pool(x, w):
    u = np.array([0.8, -1.1, 0.45])
    c = x[:-1] * w[0] + x[1:] * w[1]
    pairs = c.reshape(3, 2)
    m = pairs.max(axis=1, keepdims=True)
    out = np.dot(u, m[:, 0])
    dpairs = u[:, None] * (pairs == m)
    dc = dpairs.reshape(6)
    fw = np.array([dc @ x[:-1], dc @ x[1:]])
    fx = np.zeros_like(x)
    fx[:-1] += dc * w[0]
    fx[1:] += dc * w[1]
    return out, fx, fw
""",
    ),
    "blocks/softmax-regression": (
        """def softmax_regression(X, W, b):
    y = np.array([2, 0, 3])
    n = X.shape[0]
    z = X @ W + b
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    out = -np.log(p[np.arange(n), y]).mean()
    dz = p.copy()
    dz[np.arange(n), y] -= 1
    dz /= n
    fX = dz @ W.T
    fW = X.T @ dz
    fb = dz.sum(axis=0)
    return out, fX, fW, fb
""",
    ),
    "blocks/batchnorm": (
        """def batchnorm(X, g, b):
    R = np.array([[0.8, -0.3], [-1.1, 0.6], [0.4, 1.3]])
    n = X.shape[0]
    mu = X.mean(axis=0)
    xc = X - mu
    var = np.mean(xc ** 2, axis=0)
    s = np.sqrt(var + 0.01)
    xh = xc / s
    out = np.sum(R * (g * xh + b))
    fb = R.sum(axis=0)
    fg = np.sum(R * xh, axis=0)
    dxh = R * g
    dxc = dxh / s
    ds = -np.sum(dxh * xc, axis=0) / s ** 2
    dvar = ds / (2 * s)
    dxc += 2 * xc * dvar / n
    fX = dxc - dxc.sum(axis=0) / n
    return out, fX, fg, fb
""",
    ),
    "blocks/layernorm": (
        """def layernorm(x, g, b):
    r = np.array([0.8, -1.1, 0.45])
    n = len(x)
    mu = np.mean(x)
    xc = x - mu
    s = np.sqrt(np.mean(xc ** 2) + 0.01)
    xh = xc / s
    out = np.dot(r, g * xh + b)
    fb = r
    fg = r * xh
    dxh = r * g
    ds = -np.sum(dxh * xc) / s ** 2
    dxc = dxh / s
    dxc = dxc + ds * xc / (n * s)
    fx = dxc - np.mean(dxc)
    return out, fx, fg, fb
""",
    ),
    "blocks/attention": (
        """def attention(Q, K, V):
    r = np.array([[0.8, -1.1]])
    s = Q @ K.T / np.sqrt(2)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    out = np.sum(r * (p @ V))
    fV = p.T @ r
    dp = r @ V.T
    ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    ds = ds / np.sqrt(2)
    fQ = ds @ K
    fK = ds.T @ Q
    return out, fQ, fK, fV
""",
    ),
    "blocks/l2-penalty": (
        """def penalised(w, b):
    X = np.array([[0.7, -1.2], [1.5, 0.4], [-0.6, 0.9]])
    y = np.array([1.4, -0.3, 0.8])
    n = len(y)
    fw, fb, loss = np.zeros(2), 0.0, 0.0
    for i in range(n):
        e = X[i] @ w + b - y[i]
        loss += e ** 2 / n
        fw += 2 * e * X[i] / n
        fb += 2 * e / n
    loss += 0.3 * np.sum(w ** 2)
    fw += 0.6 * w
    return loss, fw, fb
""",
    ),
    "blocks/lstm-cell": (
        """def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_cell(a, b, g, r, c):
    f, i, o = sigmoid(a), sigmoid(b), sigmoid(r)
    t = np.tanh(g)
    new = f * c + i * t
    u = np.tanh(new)
    out = o * u
    do, du = u, o
    dnew = du * (1 - u ** 2)
    df, dc = dnew * c, dnew * f
    di, dt = dnew * t, dnew * i
    ha = df * f * (1 - f)
    hb = di * i * (1 - i)
    hg = dt * (1 - t ** 2)
    hr = do * o * (1 - o)
    return out, ha, hb, hg, hr, dc
""",
    ),
    "blocks/gelu": (
        """from math import erf as erf_of_one

erf = np.vectorize(erf_of_one)


def gelu(x):
    a = x / np.sqrt(2)
    cdf = (1 + erf(a)) / 2
    pdf = np.exp(-x ** 2 / 2) / np.sqrt(2 * np.pi)
    out = x * cdf
    fx = cdf
    fx = fx + x * pdf
    return out, fx
""",
    ),
    "blocks/rmsnorm": (
        """def rmsnorm(x, g):
    r = np.array([0.8, -1.1, 0.45])
    n = x.size
    s = np.sqrt(np.mean(x ** 2) + 0.01)
    xh = x / s
    out = np.sum(r * g * xh)
    fg = r * xh
    dxh = r * g
    ds = -np.sum(dxh * x) / s ** 2
    fx = dxh / s
    fx += ds * x / (n * s)
    return out, fx, fg
""",
    ),
    "vectors/squared-norm": (
        """def squared_norm(W, x):
    q = np.zeros((2, 1))
    for i in range(2):
        for j in range(2):
            q[i, 0] += W[i, j] * x[j, 0]
    out = 0.0
    gW, gx = np.zeros((2, 2)), np.zeros((2, 1))
    for i in range(2):
        out += q[i, 0] ** 2
        for j in range(2):
            gW[i, j] += 2 * q[i, 0] * x[j, 0]
            gx[j, 0] += 2 * q[i, 0] * W[i, j]
    return out, gW, gx
""",
    ),
    "exam/one": (
        """def f(x, y):
    s = np.sin(y)
    q = x ** 2
    out = q * s + y
    fx = s * 2 * x
    fy = np.ones_like(out)
    fy = fy + q * np.cos(y)
    return out, fx, fy
""",
    ),
    "layers/two-over-sine": (
        """def two_over_sine(x):
    b = np.exp(-x)
    s = np.sin(b)
    out = 2 / s
    ds = -2 / s ** 2
    db = ds * np.cos(b)
    fx = -db * b
    return out, fx
""",
    ),
}
