"""Windows that slide over images: convolution, and pooling by the largest entry or by the mean.

An image is (height, width); images with channels are (channels, height, width), batches of them (batch, channels,
height, width). As in the networks' libraries the kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.gate import CodeVjp, Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import Shape, Value

_Pair = int | tuple[int, ...]


def _pair(option: _Pair) -> tuple[int, int]:
    rows, columns = (option, option) if isinstance(option, int) else option
    return rows, columns


def _windows(a: Any, size: tuple[int, int], stride: _Pair) -> Any:
    """Every window of the last two axes: two more axes behind. ValueError where none fits."""
    rows, columns = _pair(stride)
    if min(rows, columns, *size) < 1 or np.ndim(a) < 2:
        raise ValueError("sizes and strides are at least 1")
    slid = np.lib.stride_tricks.sliding_window_view(a, size, axis=(-2, -1))
    return slid[..., ::rows, ::columns, :, :]


def _places(size: tuple[int, int], stride: _Pair, made: Shape) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
    """For each place (i, j) in a window: where in the image the windows have it."""
    rows, columns = _pair(stride)
    for i in range(size[0]):
        for j in range(size[1]):
            down = slice(i, i + rows * made[-2], rows)
            across = slice(j, j + columns * made[-1], columns)
            yield i, j, (..., down, across)


def _padded(a: Any, padding: _Pair) -> Any:
    rows, columns = _pair(padding)
    if min(rows, columns) < 0:
        raise ValueError("padding is 0 or more")
    return np.pad(a, [(0, 0)] * (np.ndim(a) - 2) + [(rows, rows), (columns, columns)])


_LETTERS = {2: ("hw", "ij", "pq"), 3: ("chw", "fcij", "fpq"), 4: ("nchw", "fcij", "nfpq")}
"""Indices of image, kernel and result, by the number of the image's axes."""


def _letters(a: Any, b: Any) -> tuple[str, str, str]:
    image, kernel, made = _LETTERS.get(np.ndim(a), ("", "", ""))
    if len(kernel) != np.ndim(b) or not kernel or ("c" in image and np.shape(a)[-3] != np.shape(b)[1]):
        raise ValueError("an image and a kernel for it")
    return image, kernel, made


def _conv2d(a: Any, b: Any, stride: _Pair = 1, padding: _Pair = 0) -> Value:
    image, kernel, made = _letters(a, b)
    slid = _windows(_padded(a, padding), np.shape(b)[-2:], stride)
    value: Value = np.einsum(f"{image[:-2]}pqij,{kernel}->{made}", slid, b, optimize=True)
    return value


def _conv_image(u: Any, _y: Any, a: Any, b: Any, stride: _Pair = 1, padding: _Pair = 0) -> Value:
    image, kernel, made = _letters(a, b)
    whole = np.zeros(np.shape(_padded(a, padding)))
    for i, j, place in _places(np.shape(b)[-2:], stride, np.shape(u)):
        whole[place] += np.einsum(f"{made},{kernel[:-2]}->{image[:-2]}pq", u, np.asarray(b)[..., i, j])
    (rows, columns), (height, width) = _pair(padding), np.shape(a)[-2:]
    return whole[..., rows : rows + height, columns : columns + width]


def _conv_kernel(u: Any, _y: Any, a: Any, b: Any, stride: _Pair = 1, padding: _Pair = 0) -> Value:
    image, kernel, made = _letters(a, b)
    slid = _windows(_padded(a, padding), np.shape(b)[-2:], stride)
    sent: Value = np.einsum(f"{image[:-2]}pqij,{made}->{kernel}", slid, u, optimize=True)
    return sent


def _any_padded_code(a: str, padding: _Pair) -> str:
    rows, columns = _pair(padding)
    if not rows and not columns:
        return a
    return f"np.pad({a}, [(0, 0)] * (np.ndim({a}) - 2) + [({rows}, {rows}), ({columns}, {columns})])"


def _windows_code(a: str, size: Any, stride: _Pair) -> str:
    rows, columns = _pair(stride)
    step = f"[..., ::{rows}, ::{columns}, :, :]" if rows > 1 or columns > 1 else ""
    return f"np.lib.stride_tricks.sliding_window_view({a}, {size}, axis=(-2, -1)){step}"


def _conv_forward_code(names: Mapping[str, str], options: Options) -> str:
    a, b = names["a"], names["b"]
    wide = _any_padded_code(a, options.get("padding", 0))
    slid = _windows_code(wide, f"np.shape({b})[-2:]", options.get("stride", 1))
    indices = f'"pqij,ij->pq" if np.ndim({a}) == 2 else "...cpqij,fcij->...fpq"'
    return f"np.einsum({indices}, {slid}, {b})"


def _taps(kernel: int, made: int, inside: int, stride: int, padding: int) -> str:
    """NumPy for which row of the image each row of each window is: 1s and 0s, (windows, kernel rows, image rows)."""
    start = f"{stride} * np.arange({made})[:, None, None]" if stride > 1 else f"np.arange({made})[:, None, None]"
    shift = f" - {padding}" if padding else ""
    return f"np.equal({start} + np.arange({kernel})[:, None]{shift}, np.arange({inside}))"


def _both_taps(image: Shape, size: tuple[int, int], stride: _Pair, padding: _Pair) -> str:
    taps = []
    for inside, kernel, step, edge in zip(image[-2:], size, _pair(stride), _pair(padding), strict=True):
        taps.append(_taps(kernel, (inside + 2 * edge - kernel) // step + 1, inside, step, edge))
    return ", ".join(taps)


def _conv_image_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    image, kernel, made = _LETTERS[len(shapes[0])]
    size = (shapes[1][-2], shapes[1][-1])
    taps = _both_taps(shapes[0], size, options.get("stride", 1), options.get("padding", 0))
    return f'np.einsum("{made},{kernel},pih,qjw->{image}", {names["u"]}, {names["b"]}, {taps}, optimize=True)'


def _conv_kernel_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    image, kernel, made = _LETTERS[len(shapes[0])]
    wide = _any_padded_code(names["a"], options.get("padding", 0))
    slid = _windows_code(wide, shapes[1][-2:], options.get("stride", 1))
    return f'np.einsum("{image[:-2]}pqij,{made}->{kernel}", {slid}, {names["u"]})'


_QUICKER = 100
"""So many multiplications of a window take about as long as one number elsewhere."""


def _conv_work(shapes: Sequence[Shape], options: Options) -> int:
    image, kernel = shapes
    padding = _pair(options.get("padding", 0))
    wide = prod(image[:-2]) * prod(size + 2 * edge for size, edge in zip(image[-2:], padding, strict=True))
    return max(wide, wide * prod(kernel) // (_QUICKER * (kernel[1] if len(kernel) == 4 else 1)))


def _flipped(b: Any) -> Any:
    return np.asarray(b)[..., ::-1, ::-1]


_READ = "Which outputs did each entry of the image feed, and with which entry of the kernel?"

CONV2D = Gate(
    key="conv2d",
    elementwise=False,
    needs_shape=True,
    title="convolution of images",
    symbol="conv2d",
    function_words=("conv2d",),
    work=_conv_work,
    may_be_name=True,
    arguments=("a", "b"),
    options=("stride", "padding"),
    positional=("stride", "padding"),
    forward=_conv2d,
    vjps=(_conv_image, _conv_kernel),
    downstreams=("each entry of u times b, added where it was read", "each window of a times its entry of u, added up"),
    downstreams_at=lambda _shapes, _options: ("", ""),
    code="np.einsum(indices, windows({a}), {b})",
    code_at=_conv_forward_code,
    code_vjps=(_conv_image_code, _conv_kernel_code),
    pattern="Each output sends its upstream, times the kernel, back to the window it read, where the shares add up; "
    "the kernel gets the sum of all windows, each times its output's upstream.",
    shape_rule="An image (h, w) and a kernel (k, l) give (h - k + 1, w - l + 1). With channels: (n, c, h, w) and "
    "(f, c, k, l) give (n, f, ...). Padding puts zeros around the image, a stride s keeps every s-th window; the "
    "kernel is not flipped.",
    mistakes=(
        backward("image_conv_image_flip", 0, lambda u, y, a, b, **how: _conv_image(u, y, a, _flipped(b), **how),
                 "uses the kernel the wrong way round", _READ),
        backward("image_conv_image_corner", 0, lambda u, y, a, b, **how: _conv_image(
            u, y, a, np.where(np.indices(np.shape(b))[-2:].sum(0) == 0, b, 0.0), **how),
            "uses only the first entry of the kernel", "How many outputs does an entry in the middle of {a} feed?"),
        backward("image_conv_kernel_flip", 1, lambda u, y, a, b, **how: _flipped(_conv_kernel(u, y, a, b, **how)),
                 "is turned by half a turn", "As the kernel slides, which entries of {a} does its first entry meet?"),
        backward("image_conv_kernel_mean", 1, lambda u, y, a, b, **how: _conv_kernel(u, y, a, b, **how)
                 / (np.shape(u)[-1] * np.shape(u)[-2]), "is averaged over the windows",
                 "The kernel feeds all the outputs. What happens to what they send back?"),
        forward("image_conv_flipped", lambda _u, _y, a, b, **how: _conv2d(a, _flipped(b), **how), "flips the kernel",
                "Is the kernel flipped before it slides here?"),
        forward("image_conv_no_padding", lambda _u, _y, a, b, stride=1, padding=0: _conv2d(a, b, stride) if padding else
                None, "leaves out the padding", "What is around the image?"),
        forward("image_conv_no_stride", lambda _u, _y, a, b, stride=1, padding=0: _conv2d(a, b, 1, padding)
                if stride != 1 else None, "leaves out the stride", "How far does the window move each time?"),
    ),
)  # fmt: skip


def _pooled(reduce: Any) -> Any:
    def pool(a: Any, size: _Pair = 2, stride: _Pair | None = None) -> Value:
        value: Value = reduce(_windows(a, _pair(size), size if stride is None else stride))
        return value

    return pool


def _largest(slid: Any) -> Any:
    return np.max(slid, axis=(-2, -1))


def _mean(slid: Any) -> Any:
    return np.mean(slid, axis=(-2, -1))


def _added_back(shares: Any, a: Any, size: _Pair, stride: _Pair | None) -> Any:
    """What each window sends to each of its places, (..., windows, size), added up in the image."""
    whole = np.zeros(np.shape(a))
    for i, j, place in _places(_pair(size), size if stride is None else stride, np.shape(shares)[:-2]):
        whole[place] += shares[..., i, j]
    return whole


def _max_shares(u: Any, y: Any, a: Any, size: _Pair, stride: _Pair | None) -> Any:
    chosen = _windows(a, _pair(size), size if stride is None else stride) == np.asarray(y)[..., None, None]
    return np.asarray(u)[..., None, None] * chosen / np.sum(chosen, axis=(-2, -1), keepdims=True)


def _max_vjp(u: Any, y: Any, a: Any, size: _Pair = 2, stride: _Pair | None = None) -> Value:
    sent: Value = _added_back(_max_shares(u, y, a, size, stride), a, size, stride)
    return sent


def _even(u: Any, size: _Pair) -> Any:
    return np.broadcast_to(np.asarray(u)[..., None, None], (*np.shape(u), *_pair(size)))


def _mean_vjp(u: Any, _y: Any, a: Any, size: _Pair = 2, stride: _Pair | None = None) -> Value:
    rows, columns = _pair(size)
    sent: Value = _added_back(_even(u, size), a, size, stride) / (rows * columns)
    return sent


def _shared_in_another_way(
    sent: Value, u: Value, y: Value, a: Value, size: _Pair = 2, stride: _Pair | None = None
) -> bool:
    """Whether each window's upstream goes to its largest entries alone; told only of windows that do not overlap."""
    if np.shape(sent) != np.shape(a) or (stride is not None and _pair(stride) != _pair(size)):
        return False
    chosen = _windows(a, _pair(size), size) == np.asarray(y)[..., None, None]
    given = _windows(sent, _pair(size), size)
    arriving = np.asarray(u)[..., None, None]
    return bool(
        np.all(np.where(chosen, given * arriving >= 0, given == 0))
        and np.allclose(np.sum(given, axis=(-2, -1)), u, rtol=5e-3, atol=0)
        and np.isclose(np.sum(np.abs(sent)), np.sum(np.abs(given)))
    )


def _pool_forward_code(word: str) -> Any:
    def code(names: Mapping[str, str], options: Options) -> str:
        size = options.get("size", 2)
        stride = options.get("stride")
        slid = _windows_code(names["a"], _pair(size), size if stride is None else stride)
        return f"np.{word}({slid}, axis=(-2, -1))"

    return code


def _pool_code(share: Any) -> CodeVjp:
    def code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
        size = options.get("size", 2)
        stride = size if options.get("stride") is None else options["stride"]
        taps = _both_taps(shapes[0], _pair(size), stride, 0)
        slid = _windows_code(names["a"], _pair(size), stride)
        indices, others = share(names, slid, _pair(size))
        return f'np.einsum("...pq,{indices}pih,qjw->...hw", {names["u"]}, {others}{taps}, optimize=True)'

    return code


def _max_code(names: Mapping[str, str], slid: str, _size: tuple[int, int]) -> tuple[str, str]:
    return "...pqij,", f"{slid} == {names['y']}[..., None, None], "


def _mean_code(_names: Mapping[str, str], _slid: str, size: tuple[int, int]) -> tuple[str, str]:
    return "ij,", f"np.full({size}, 1 / {size[0] * size[1]}), "


def _pool(key: str, title: str, reduce: Any, vjp: Any, code: Any, word: str, **more: Any) -> Gate:
    return Gate(
        key=key,
        elementwise=False,
        needs_shape=True,
        title=title,
        symbol=key.removesuffix("2d"),
        function_words=(key,),
        may_be_name=True,
        arguments=("a",),
        options=("size", "stride"),
        positional=("size", "stride"),
        keywords={"kernel_size": "size"},
        forward=_pooled(reduce),
        vjps=(vjp,),
        downstreams_at=lambda _shapes, _options: ("",),
        code=f"np.{word}(windows({{a}}), axis=(-2, -1))",
        code_at=_pool_forward_code(word),
        code_vjps=(_pool_code(code),),
        shape_rule=f"The last two axes shrink: {key}(x, 2) turns (h, w) into (h/2, w/2). The windows are next to each "
        "other unless a stride says how far apart they start; what is left over at the edge is not used.",
        **more,
    )


_WINNER = "Within one window, which entries move the output, and how much?"

MAX_POOL = _pool(
    "max_pool2d", "max pooling", _largest, _max_vjp, _max_code, "max",
    downstreams=("u at the largest entry of each window, 0 elsewhere",),
    accepts_subgradient=_shared_in_another_way,
    pattern="Max pooling routes: the largest entry of each window gets all of the window's upstream, the others "
    "nothing. At a tie they share it.",
    mistakes=(
        backward("max_pool_all", 0, lambda u, _y, a, size=2, stride=None: _added_back(_even(u, size), a, size, stride),
                 "gives the upstream to every entry of the window", _WINNER),
        backward("max_pool_mean", 0, _mean_vjp, "shares the upstream out among the window, as mean pooling does",
                 _WINNER),
        backward("max_pool_corner", 0, lambda u, _y, a, size=2, stride=None: _added_back(
            _even(u, size) * (np.indices(_pair(size)).sum(0) == 0), a, size, stride),
            "sends it to the first entry of each window", _WINNER),
        forward("max_pool_mean", lambda _u, _y, a, size=2, stride=None: _pooled(_mean)(a, size, stride),
                "takes the means", "What is kept of each window?"),
        forward("max_pool_overlap", lambda _u, _y, a, size=2, stride=None: _pooled(_largest)(a, size, 1)
                if stride is None else None, "moves the window by one entry only",
                "How far does the window move each time?"),
    ),
)  # fmt: skip

AVG_POOL = _pool(
    "avg_pool2d", "mean pooling", _mean, _mean_vjp, _mean_code, "mean",
    downstreams=("u/n to every entry of each window",),
    pattern="Mean pooling shares: every entry of a window gets its upstream, divided by the number of entries.",
    mistakes=(
        backward("avg_pool_all", 0, lambda u, _y, a, size=2, stride=None: _added_back(_even(u, size), a, size, stride),
                 "leaves out the division by the number of entries", _WINNER),
        backward("avg_pool_side", 0, lambda u, y, a, size=2, stride=None: _mean_vjp(u, y, a, size, stride)
                 * _pair(size)[1], "divides by the width of the window, not by its entries", _WINNER),
        forward("avg_pool_sum", lambda _u, y, _a, size=2, **_options: y * _pair(size)[0] * _pair(size)[1],
                "adds the windows up", "What is the sum divided by?"),
        forward("avg_pool_max", lambda _u, _y, a, size=2, stride=None: _pooled(_largest)(a, size, stride),
                "takes the largest entries", "What is kept of each window?"),
    ),
)  # fmt: skip

IMAGES = (CONV2D, MAX_POOL, AVG_POOL)
