"""Code that takes all the memory, and values that fight back when they are looked at."""

from __future__ import annotations

import pytest

from tutor.runner import Array, Opaque


@pytest.mark.parametrize("big", ["np.ones((10**6, 10**6))", "np.zeros((40_000, 40_000))", "[0] * 10**10"])
def test_more_memory_than_there_is(run, big):
    fault = run(f"def f():\n    return {big}", ()).fault
    assert (fault.kind, fault.line) == ("memory", 2)


def test_memory_filled_bit_by_bit(limited):
    source = """
        def f():
            kept = []
            while True:
                kept.append(np.ones(1 << 20))
    """
    fault = limited(seconds=600.0, memory_bytes=128 << 20)(source, ()).fault
    assert (fault.kind, fault.line) == ("memory", 5)


def test_what_gathers_without_end_is_told_that_it_does(run):
    source = "def f():\n    kept = []\n    while True:\n        kept.append(bytes(50_000_000))\n"
    fault = run(source, ()).fault
    assert (fault.kind, fault.line) == ("memory", 4) or "of memory by then" in fault.message


def test_threads_reserve_more_than_they_use(run):
    source = """
        import threading
        def f():
            got = []
            some = [threading.Thread(target=lambda: got.append(np.ones(1000).sum())) for _ in range(6)]
            for one in some: one.start()
            for one in some: one.join()
            return sum(got)
    """
    assert run(source, ()).calls[0].returned == 6000


def test_memory_kept_full_while_the_result_is_sent(limited):
    source = """
        kept = []
        def f():
            try:
                while True:
                    kept.append(bytearray(1 << 16))
            except MemoryError:
                return np.arange(1000)
    """
    outcome = limited(seconds=600.0, memory_bytes=64 << 20)(source, ())
    assert outcome.fault is None or outcome.fault.kind == "memory"


# --- what is returned -------------------------------------------------------------------------------------------------


HOSTILE = """
import os
def no(*_a, **_k):
    os._exit(9)
class Meta(type):
    __instancecheck__ = __subclasscheck__ = __repr__ = __eq__ = __hash__ = no
    def __getattribute__(cls, name):
        os._exit(9)
class A(metaclass=Meta):
    __array__ = __eq__ = __repr__ = __str__ = __reduce__ = __iter__ = __len__ = __bool__ = __hash__ = no
    __float__ = __int__ = __index__ = __getattr__ = __array_interface__ = __array_struct__ = no
    __class__ = property(no)
class F(float):
    __repr__ = __float__ = __eq__ = __str__ = __format__ = no
class I(int):
    __repr__ = __int__ = __index__ = __eq__ = __str__ = bit_length = no
class S(str):
    __repr__ = __str__ = __len__ = __eq__ = encode = no
class L(list):
    __iter__ = __len__ = __getitem__ = __eq__ = no
class D(dict):
    __iter__ = __len__ = items = keys = __getitem__ = no
class N(np.ndarray):
    __eq__ = tolist = astype = view = reshape = __array_ufunc__ = __array_function__ = tobytes = no
    dtype = shape = size = property(no)
class G(np.float64):
    item = __float__ = __repr__ = __eq__ = tolist = no
"""
AN_A = Opaque("A", "an object of type A")
MADE = [
    ("A()", AN_A),
    ("A", Opaque("Meta", "an object of type Meta")),
    ("F(1.5)", 1.5),
    ("I(7)", 7),
    ("S('text')", "text"),
    ("L([1, 2])", [1, 2]),
    ("D(a=1)", {"a": 1}),
    ("np.ndarray.view(np.ones(2), N)", Array((2,), "float64", [1.0, 1.0])),
    ("G(2.5)", 2.5),
    ("[A(), {1: A()}]", [AN_A, {1: AN_A}]),
]
BIG = "an array of shape (100000, 100000) and type float64, too large to look at"
KINDS = [
    ("(i for i in range(3))", Opaque("generator", "an object of type generator")),
    ("f", Opaque("function", "an object of type function")),
    ("{1, 2}", Opaque("set", "an object of type set")),
    ("1 + 2j", Opaque("complex", "(1+2j)")),
    ("np.complex128(1j)", Opaque("complex128", "1j")),
    ("np.array([1j])", Opaque("ndarray", "an array of shape (1,) and type complex128")),
    ("np.array([{}, None])", Opaque("ndarray", "an array of shape (2,) and type object")),
    ("np.array(['a'])", Opaque("ndarray", "an array of shape (1,) and type other")),
    ("np.datetime64('2020-01-01')", Opaque("datetime64", "a NumPy value of type datetime64")),
    ("np.longdouble(0.5)", Opaque("longdouble", "a NumPy value of type longdouble")),
    ("10 ** 5000", Opaque("int", "a whole number of 16,610 binary digits")),
    ("'x' * 20_000", Opaque("str", "a text of 20,000 characters")),
    ("np.matrix([[1.0, 2.0]])", Array((1, 2), "float64", [1.0, 2.0])),
    ("np.float16(0.5), np.bool_(True), np.uint8(3)", (0.5, True, 3)),
    ("np.array(2.0)", Array((), "float64", [2.0])),
    ("np.zeros((0, 3))", Array((0, 3), "float64", [])),
    ("np.arange(6).reshape(2, 3).T", Array((3, 2), "int64", [0, 3, 1, 4, 2, 5])),
    ("np.array([True, False])", Array((2,), "bool", [True, False])),
    ("np.array([2**64 - 1], dtype='uint64')", Array((1,), "uint64", [2**64 - 1])),
    ("np.broadcast_to(1.0, (10**5, 10**5))", Opaque("ndarray", BIG)),
    ("'\\x1b[2J\\ud800'", "␛[2J\\ud800"),
    ("{(1, 2): 3}", {"tuple": 3}),
    ("type('\\x1b[1m', (), {})()", Opaque("␛[1m", "an object of type ␛[1m")),
]


@pytest.mark.parametrize(("before", "made"), [(HOSTILE, MADE), ("", KINDS)])
def test_values_of_every_kind_hostile_or_not(run, before, made):
    functions = ", ".join(f"lambda: ({source})" for source, _ in made)
    source = f"{before}\nmade = [{functions}]\ndef f(k):\n    return made[k]()"
    outcome = run(source, *((k,) for k in range(len(made))))
    assert outcome.fault is None
    returned = [(source, call.returned) for (source, _), call in zip(made, outcome.calls, strict=True)]
    assert returned == made


def test_a_long_double_is_read_as_a_double(run):
    returned = run("def f():\n    return np.array([0.5], dtype=np.longdouble)", ()).calls[0].returned
    assert returned == Array((1,), "float64", [0.5])


def test_a_list_that_holds_itself(run):
    value = run("def f():\n    x = [1]\n    x.append(x)\n    return x", ()).calls[0].returned
    for _ in range(19):
        value = value[1]
    assert value == [1, Opaque("list", "nested too deep to look at")]


def test_a_list_that_doubles_at_every_level(run):
    source = "def f():\n    x = []\n    for _ in range(60):\n        x = [x, x]\n    return x"
    assert run(source, ()).calls


def test_an_enormous_list_is_cut_and_says_so(run):
    returned = run("def f():\n    return [0] * 10_000_000", ()).calls[0].returned
    assert len(returned) < 60_000
    assert returned[-1] == Opaque("list", f"and {10_000_000 - len(returned) + 1:,} more")


def test_an_enormous_dictionary_is_cut_and_says_so(run):
    returned = run("def f():\n    return dict.fromkeys(range(1_000_000))", ()).calls[0].returned
    assert returned["..."] == Opaque("dict", f"and {1_000_000 - len(returned) + 1:,} more")


def test_a_great_many_texts_are_cut_and_say_so(run):
    returned = run("def f():\n    return ['x' * 9_999] * 50_000", ()).calls[0].returned
    assert len(returned) < 100
    assert returned[-1] == Opaque("list", f"and {50_000 - len(returned) + 1:,} more")


def test_large_arrays_are_only_described(run):
    (call,) = run("def f():\n    return np.ones((1000, 1000)), np.ones((100, 100))", ()).calls
    words = "an array of shape (1000, 1000) and type float64, too large to look at"
    large, small = call.returned
    assert large == Opaque("ndarray", words)
    assert small.shape == (100, 100)


@pytest.mark.parametrize("method", ["__str__", "__getattribute__"])
def test_exceptions_that_cannot_be_asked(run, method):
    body = f"def {method}(self, *_):\n        raise SystemExit"
    fault = run(f"class E(Exception):\n    {body}\ndef f():\n    raise E", ()).fault
    assert fault.kind == "raised"
    assert "E" in fault.message


def test_an_object_that_loops_when_asked_is_not_asked(run):
    source = """
        class Loop:
            def __repr__(self):
                while True: pass
            __str__ = __len__ = __iter__ = __array__ = __eq__ = __repr__
        def f():
            return Loop()
    """
    assert run(source, ()).fault is None
