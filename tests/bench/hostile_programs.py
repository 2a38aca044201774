"""Programs that misbehave, by class: bodies of `q2a(x, y, z)`, or whole texts where they define it themselves.

None computes what is asked. Run them with `bench_hostile.py` and in no other way. PRELUDE stands before each;
ELSEWHERE in a text is a folder that they may write in.
"""

from __future__ import annotations

PRELUDE = """
import atexit, ctypes, faulthandler, gc, itertools, json, mmap, multiprocessing, os, re, signal, socket
import subprocess, sys, tempfile, threading, time, types, weakref
WRONG = 1, 2, 3, 4
def quietly(do, *a):
    try:
        return do(*a)
    except BaseException:
        pass
def other(number):
    return number not in (signal.SIGKILL, signal.SIGSTOP)
def stolen():
    "The file descriptor of the results and the token of the frame, from the frames below ours."
    frame = sys._getframe()
    while frame:
        if "token" in frame.f_locals and "results" in frame.f_locals:
            return frame.f_locals["results"], frame.f_locals["token"]
        frame = frame.f_back
def forge(body):
    results, token = stolen()
    os.write(results, b"\\n<%s %d>%s" % (token.encode(), len(body), body.encode()))
    return WRONG
ONE = '{"returned": %s, "locals": {}, "history": [], "changed": %s, "seconds": %s}'
def forged(returned, changed="[]", seconds="0"):
    return forge('{"calls": [%s], "fault": null}' % ", ".join([ONE % (returned, changed, seconds)] * 3))
"""

LOOPS = {
    "while True": "while True: pass",
    "at the top": "while True: pass\ndef q2a(x, y, z): pass",
    "catching all": "while True:\n  try:\n    while True: time.sleep(0)\n  except BaseException: pass",
    "raising and catching": "while True:\n  try: raise KeyboardInterrupt\n  except BaseException: pass",
    "one operation": "return 10 ** 10 ** 10",
    "a regular expression": "return re.match('(a+)+$', 'a' * 60 + 'b')",
    "a sum without end": "return sum(itertools.repeat(1))",
    "a large decomposition": "return np.linalg.svd(np.random.rand(3000, 3000))",
    "sleep": "time.sleep(600)",
    "a lock held": "lock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "in a decorator": "def loop(f):\n  while True: pass\n@loop\ndef q2a(x, y, z): pass",
    "in __del__": "class A:\n  def __del__(self):\n    while True: pass\nA()",
    "in except hook": "try: 1 / 0\nfinally:\n  while True: pass",
}

MEMORY = {
    "an array": "return np.ones(10**12)",
    "a list": "return [0] * 10**10",
    "arrays one by one": "kept = []\nwhile True: kept.append(np.ones(1 << 20))",
    "caught again and again": "kept = []\nwhile True:\n"
    "  try: kept.append(bytearray(1 << 20))\n  except BaseException: pass",
    "small things, caught": "kept = []\nwhile True:\n  try: kept.append([kept])\n  except BaseException: pass",
    "a text doubled": "t = 'x'\nwhile True: t += t",
    "kept, then returned": "global kept\nkept = []\ntry:\n  while True: kept.append(bytearray(1 << 12))\n"
    "except MemoryError: return WRONG",
    "mapped": "kept = []\nwhile True: kept.append(mmap.mmap(-1, 1 << 28))",
    "a number": "n = 3\nwhile True: n *= n",
    "outer": "return np.outer(np.ones(10**6), np.ones(10**6))",
}

OUTPUT = {
    "print": "while True: print('spam' * 100)",
    "without line ends": "while True: print('x', end='', flush=True)",
    "written, errors ignored": "while True: quietly(os.write, 1, b'x' * 65536)",
    "one great text": "print('x' * 200_000_000)\nreturn WRONG",
    "standard error": "while True: sys.stderr.write('x' * 1000)",
    "from a program": "subprocess.run(['yes'])",
    "from a thread": "def flood():\n  while True: os.write(2, b'x' * 1000)\n"
    "threading.Thread(target=flood).start()\ntime.sleep(0.2)\nreturn WRONG",
    "control characters": "print('\\x1b[2J\\x1b]0;x\\x07\\r\\x9b31m')\nraise ValueError('\\x1b[31m\\x00\\u202e')",
    "no text": "os.write(1, bytes(range(256)) * 50)\nreturn WRONG",
    "a stream of its own": "class S:\n  def write(self, t):\n    while True: pass\n  flush = write\n"
    "sys.stdout = S()\nprint(1)",
    "warnings": "import warnings\nfor n in itertools.count(): warnings.warn(str(n))",
    "dumps of the stack": "faulthandler.dump_traceback_later(0.001, repeat=True)\ntime.sleep(600)",
}

LEAVING = {
    "sys.exit": "sys.exit(0)",
    "SystemExit in finally": "try: return WRONG\nfinally: raise SystemExit('right')",
    "an exit that cannot be asked": "class E(SystemExit):\n  code = property(lambda s: 1 / 0)\n"
    "  def __str__(self): os._exit(0)\nraise E",
    "os._exit": "os._exit(0)",
    "os._exit after print": "print('all right')\nos._exit(0)",
    "quit": "quit()",
    "abort": "os.abort()",
    "a null pointer": "ctypes.string_at(0)",
    "another program": "os.execv('/bin/true', ['true'])",
    "another program that stays": "os.execv('/bin/sleep', ['sleep', '600'])",
    "another python": "os.execv(sys.executable, ['python', '-c', 'while True: pass'])",
    "a generator exit": "raise GeneratorExit",
}

SIGNALS = {
    "SIGTERM ignored": "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass",
    "all ignored": "for n in filter(other, signal.valid_signals()): quietly(signal.signal, n, signal.SIG_IGN)\n"
    "while True: pass",
    "all blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\nwhile True: pass",
    "an alarm that raises": "def boom(*a): raise RuntimeError\nsignal.signal(signal.SIGALRM, boom)\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)\nreturn WRONG",
    "an alarm that loops": "def boom(*a):\n  while True: pass\nsignal.signal(signal.SIGALRM, boom)\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.001)\ntime.sleep(0.1)\nreturn WRONG",
    "an alarm not caught": "signal.setitimer(signal.ITIMER_REAL, 0.01)\nwhile True: pass",
    "a profiling timer": "signal.setitimer(signal.ITIMER_PROF, 0.01)\nwhile True: pass",
    "every signal raises": "def boom(*a): raise BaseException\n"
    "for n in filter(other, signal.valid_signals()): quietly(signal.signal, n, boom)\n"
    "def rain():\n  while True: quietly(os.kill, os.getpid(), 10)\n"
    "threading.Thread(target=rain, daemon=True).start()\nwhile True: quietly(time.sleep, 1)",
    "a thread killed": "signal.pthread_kill(threading.get_ident(), signal.SIGKILL)",
    "the parent killed": "os.kill(os.getppid(), 9)",
    "the parent killed, caught": "while True: quietly(os.kill, os.getppid(), 9)",
    "all killed": "os.kill(-1, 9)",
    "its group killed": "os.killpg(0, 9)",
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
    "the keeper killed by a shell": "os.system(f'kill -9 {os.getppid()}')\nwhile True: pass",
    "the keeper killed, then a result": "os.system(f'kill -9 {os.getppid()}')\nreturn WRONG",
    "the keeper stopped by a shell": "os.system(f'kill -STOP {os.getppid()}')\nwhile True: pass",
    "the keeper stopped, then a result": "os.system(f'kill -STOP {os.getppid()}')\nreturn WRONG",
    "the keeper stopped again and again": "subprocess.Popen(['sh', '-c', 'while :; do kill -STOP $0; done', "
    "str(os.getppid())], start_new_session=True)\ntime.sleep(0.2)\nreturn WRONG",
    "the keeper asked to end": "os.system(f'kill {os.getppid()}')\nwhile True: pass",
    "the keeper by a pidfd": "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9)\nwhile True: pass",
    "SIGXCPU ignored, two threads": "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
    "threading.Thread(target=q2a, args=(x, y, z)).start()\nwhile True: pass",
}

STDIN = {
    "input": "return input('x? ')",
    "read": "return sys.stdin.read(), 1, 2, 3",
    "the terminal": "return open('/dev/tty').read()",
    "whatever is open": "for n in range(3, 30): threading.Thread(target=quietly, args=(os.read, n, 99)).start()\n"
    "time.sleep(600)",
    "opened anew": "return open('/dev/stdin').read(), open('/proc/self/fd/2').read()",
}

FILES = {
    "in its folder": "for n in range(300): open(str(n), 'w').write('x')\nreturn WRONG",
    "elsewhere": "for n in range(300): open(f'ELSEWHERE/{n}', 'w').write('x')\nreturn WRONG",
    "temporary": "for n in range(100): tempfile.mkstemp(); tempfile.mkdtemp()\nreturn WRONG",
    "too large": "open('big', 'wb').write(bytes(64 << 20))",
    "large in holes": "open('big', 'wb').truncate(1 << 40)",
    "without end": "for n in itertools.count(): open(str(n), 'w').close()",
    "folders without end": "while True:\n  os.mkdir('d')\n  os.chdir('d')",
    "its folder moved": "here = os.getcwd()\nos.rename(here, 'ELSEWHERE/moved')\nreturn WRONG",
    "its folder gone": "os.rmdir(os.getcwd())\nreturn WRONG",
    "its folder shut": "os.makedirs('a/b')\nos.chmod('a', 0)\nos.chmod('.', 0)\nreturn WRONG",
    "a pipe nobody writes": "os.mkfifo('p')\nreturn open('p').read()",
    "links": "os.symlink('/', 'root')\nos.symlink('me', 'me')\nos.symlink('ELSEWHERE', 'else')\nreturn WRONG",
    "all descriptors": "kept = []\nwhile True: kept.append(open('/dev/null'))",
    "names that are no text": "open(b'\\xff\\n\\x1b[2J', 'w').close()\nopen('-rf', 'w').close()\nreturn WRONG",
}

THREADS = {
    "a daemon that spins": "def spin():\n  while True: pass\n"
    "threading.Thread(target=spin, daemon=True).start()\nreturn WRONG",
    "others that spin": "def spin():\n  while True: pass\n"
    "for _ in range(4): threading.Thread(target=spin).start()\nreturn WRONG",
    "others that wait": "for _ in range(9): threading.Thread(target=threading.Event().wait).start()\nreturn WRONG",
    "without end": "while True: quietly(threading.Thread(target=threading.Event().wait).start)",
    "one that lets no other run": "def spin():\n  while True: pass\nsys.setswitchinterval(1000)\n"
    "threading.Thread(target=spin).start()\nreturn WRONG",
    "one that changes the result": "kept = [1, 2, 3, 4]\ndef spin():\n  while True: kept.append(1); kept.pop(0)\n"
    "sys.setswitchinterval(1e-6)\nthreading.Thread(target=spin).start()\nreturn [kept] * 1000",
    "one that changes a dictionary": "kept = {}\ndef spin():\n  for n in itertools.count(): kept[n % 999] = n; "
    "kept.pop(n // 2 % 999, 0)\nsys.setswitchinterval(1e-6)\nthreading.Thread(target=spin).start()\n"
    "return [kept] * 1000",
    "one that interrupts": "import _thread\ndef rain():\n  while True: _thread.interrupt_main()\n"
    "threading.Thread(target=rain).start()\nreturn WRONG",
    "one that leaves": "threading.Timer(0.01, os._exit, (0,)).start()\nwhile True: pass",
    "exceptions thrown in": "main = threading.get_ident()\ndef throw():\n  while True: "
    "ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main), ctypes.py_object(SystemExit))\n"
    "threading.Thread(target=throw).start()\nreturn WRONG",
}

PROCESSES = {
    "forks": "while True: os.fork()",
    "forks, caught": "while True: quietly(os.fork)",
    "forks that return": "os.fork()\nos.fork()\nreturn WRONG",
    "forks in sessions of their own": "def bomb():\n  while True:\n    if quietly(os.fork) == 0: os.setsid()\nbomb()",
    "a daemon": "if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    os.environ.clear()\n"
    "    os.closerange(0, 64)\n    os.chdir('/')\n    time.sleep(600)\n  os._exit(0)\nreturn WRONG",
    "a daemon, then a loop": "if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(600)\n"
    "  os._exit(0)\nwhile True: pass",
    "a daemon, then killed": "if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(600)\n"
    "  os._exit(0)\nos.kill(os.getpid(), 9)",
    "a program left behind": "subprocess.Popen(['sleep', '600'], start_new_session=True, env={})\nreturn WRONG",
    "nohup": "os.system('nohup setsid sh -c \"trap : 1 2 3 15; sleep 600; sleep 600\" >/dev/null 2>&1 &')\n"
    "return WRONG",
    "a shell's bomb": "subprocess.run(['sh', '-c', 'b() { b | b & }; b; sleep 600'])",
    "a shell's many": "subprocess.run(['sh', '-c', 'while :; do sleep 600 & done'])",
    "a shell's bomb in sessions": "subprocess.run(['sh', '-c', 'while :; do setsid sh -c \"sleep 600 & sleep 600\" & "
    "done'])",
    "fork of the C library": "libc = ctypes.CDLL(None)\nwhile True: libc.fork()",
    "fork of the C library in sessions": "libc = ctypes.CDLL(None)\nwhile True:\n  if libc.fork() == 0: libc.setsid()",
    "fork_exec": "from multiprocessing.util import spawnv_passfds\n"
    "while True: quietly(spawnv_passfds, b'/bin/sleep', [b'sleep', b'600'], [])",
    "multiprocessing": "pool = multiprocessing.get_context('fork').Pool(4)\npool.map_async(time.sleep, [600] * 4)\n"
    "return WRONG",
    "a child that holds the pipes": "if os.fork() == 0:\n  os.setsid()\n  while True: time.sleep(1)\nos._exit(0)",
    "a child that writes results": "if os.fork() == 0:\n  forged('{\"list\": [1, 2, 3, 4]}')\n  os._exit(0)\n"
    "while True: pass",
    "a terminal of its own": "import pty\npid, _ = pty.fork()\ntime.sleep(600)",
}

NUMPY = {
    "allclose": "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\nreturn WRONG",
    "functions": "np.sum = np.add = np.multiply = np.asarray = np.array = lambda *a, **k: x\nreturn WRONG",
    "all names": "for name in dir(np):\n  if not name.startswith('__'): quietly(setattr, np, name, None)\nreturn WRONG",
    "__array_ufunc__": "class N(np.ndarray):\n  def __array_ufunc__(self, *a, **k): return True\n"
    "  __array_function__ = __array_ufunc__\n  __eq__ = lambda s, o: True\n"
    "return [np.ndarray.view(np.ones(3), N)] * 4",
    "__array_finalize__": "class N(np.ndarray):\n  def __array_finalize__(self, o):\n    while True: pass\n"
    "return np.ones(3).view(N)",
    "a masked array": "return [np.ma.masked_all(np.shape(x))] * 4",
    "errors raised": "np.seterr(all='raise')\nnp.seterrcall(os._exit)\nreturn [np.nan * x] * 4",
    "tests": "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None\nreturn WRONG",
}

VALUES = {
    "__array__": "class A:\n  def __array__(self, *a, **k): os._exit(0)\n  __float__ = __len__ = __iter__ = __array__\n"
    "return [A()] * 4",
    "__eq__": "class A:\n  __eq__ = __lt__ = __ge__ = lambda s, o: True\n  __hash__ = None\nreturn [A()] * 4",
    "__reduce__": "class A:\n  def __reduce__(self): return os.system, ('touch ELSEWHERE/reduced',)\nreturn [A()] * 4",
    "__class__": "class A:\n  __class__ = property(lambda s: np.ndarray)\n  shape = ()\n  dtype = np.dtype(float)\n"
    "return [A()] * 4",
    "a metaclass": "class M(type):\n  def __getattribute__(c, n): os._exit(0)\n  __instancecheck__ = __eq__ = "
    "lambda *a: True\nclass A(metaclass=M): pass\nreturn A(), A, A, A",
    "asked without end": "class A:\n  def __getattr__(s, n): return s\n  __call__ = __iter__ = __next__ = "
    "lambda s, *a: s\nreturn A()",
    "a mock": "from unittest.mock import MagicMock\nreturn [MagicMock()] * 4",
    "a generator without end": "return itertools.count()",
    "a tuple that never ends": "class T(tuple):\n  def __iter__(s):\n    while True: yield 1\n  __len__ = lambda s: 4\n"
    "return T(WRONG)",
    "itself": "kept = [1]\nkept.append(kept)\nreturn kept",
    "doubling": "kept = []\nfor _ in range(60): kept = [kept, kept]\nreturn kept",
    "nested deep": "kept = []\nfor _ in range(100_000): kept = [kept]\nreturn kept",
    "a great list": "return [0] * 50_000_000",
    "many texts": "return ['x' * 9_999] * 50_000",
    "many great numbers": "return [2 ** 1023] * 49_000",
    "a great number": "return [2 ** 1024 - 1] * 4",
    "a whole number without end": "return [10 ** 1_000_000] * 4",
    "not numbers": "return [x * np.nan, x * np.inf, -np.inf, np.nan]",
    "complex": "return [x + 0j] * 4",
    "objects": "return [np.array([print, None], dtype=object)] * 4",
    "records": "return [np.zeros(3, dtype=[('a', float), ('b', 'S4')])] * 4",
    "stretched": "return [np.broadcast_to(1.0, (10**6, 10**6))] * 4",
    "huge in one": "return [np.ones(5_000_000)] * 4",
    "strides": "return [np.lib.stride_tricks.as_strided(np.ones(1), (10**4,), (0,))[::-1]] * 4",
    "long names": "exec('def q2b(): ' + 'a' * 1_000_000 + ' = 1; return locals()')\nreturn q2b()",
    "exceptions that cannot be asked": "class E(Exception):\n  def __str__(s):\n    while True: pass\n"
    "  __repr__ = __getattribute__ = __str__\nraise E",
    "a chain of exceptions": "error = None\nfor n in range(100_000):\n  new = ValueError(n)\n  new.__cause__ = error\n"
    "  error = new\nraise error",
    "exceptions in a ring": "a, b = ValueError(1), ValueError(2)\na.__cause__, b.__cause__ = b, a\nraise a",
    "a group of exceptions": "error = ValueError()\nfor n in range(500): error = ExceptionGroup('g', [error] * 2)\n"
    "raise error",
    "a great text raised": "raise ValueError('x' * 100_000_000)",
}

RECURSION = {
    "plain": "return q2a(x, y, z)",
    "without a limit": "sys.setrecursionlimit(10**9)\nreturn q2a(x, y, z)",
    "in __repr__": "sys.setrecursionlimit(10**9)\nclass A:\n  def __repr__(s): return repr(s)\nreturn repr(A())",
    "caught": "try: return q2a(x, y, z)\nexcept RecursionError: return q2a(x, y, z)",
    "a deep source": "return " + "(" * 5_000 + ")" * 5_000,
    "a long source": "return " + "-" * 200_000 + "1",
    "a small limit": "sys.setrecursionlimit(30)\nreturn [[[[[[[[1]]]]]]]]",
}

DESCRIPTORS = {
    "0 to 20 closed": "for n in range(21): quietly(os.close, n)\nreturn WRONG",
    "closed, then a loop": "os.closerange(0, 256)\nwhile True: pass",
    "closed, then raised": "os.closerange(0, 256)\nraise ValueError",
    "all led to nothing": "null = os.open('/dev/null', os.O_RDWR)\nfor n in range(20): quietly(os.dup2, null, n)\n"
    "return WRONG",
    "all led to output": "for n in range(3, 20): quietly(os.dup2, 1, n)\nreturn WRONG",
    "frames guessed": 'for n in range(3, 20): quietly(os.write, n, b\'\\n<0123 40>{"calls": [], "fault": null}\')\n'
    "return WRONG",
    "flooded": "while True:\n  for n in range(3, 20): quietly(os.write, n, b'x' * 60000)",
    "the keeper's last words": "for n in range(3, 20): quietly(os.write, n, b'\\nended 0\\n')\nwhile True: pass",
    "the keeper called": "while True:\n  for n in range(3, 20): quietly(os.write, n, b'!' * 60)",
    "byte by byte": "results, _ = stolen()\nwhile True: os.write(results, b'\\n')",
}

FORGED = {
    "values": "return forged('{\"list\": [1, 2, 3, 4]}')",
    "no calls": 'return forge(\'{"calls": [], "fault": null}\')',
    "not numbers": "return forged('{\"list\": [NaN, Infinity, -Infinity, NaN]}')",
    "a number without end": "return forged('{\"list\": [%s]}' % ', '.join(['1' + '0' * 4000] * 4))",
    "endless seconds": "return forged('1.5', seconds='1' + '0' * 400)",
    "changed what is not there": "return forged('1.5', '[99]')",
    "changed nonsense": "return forged('1.5', '[\"x\", null, {}]')",
    "entries beyond their type": 'return forged(\'{"tuple": [{"array": [[1], "uint8", [-1]]}]}\')',
    "entries that are none": 'return forged(\'{"tuple": [{"array": [[1], "int64", [NaN]]}]}\')',
    "a type that there is not": 'return forged(\'{"tuple": [{"array": [[1], "float96", [1.0]]}]}\')',
    "a shape without end": 'return forged(\'{"array": [[%s 0], "float64", []]}\' % ("1, " * 100))',
    "a shape beyond all": 'return forged(\'{"array": [[9999999999999999999999, 0], "float64", []]}\')',
    "nested deep": "return forged('{\"list\": [' * 50_000 + ']}' * 50_000)",
    "huge": "return forged('{\"list\": [' + '[],' * 3_000_000 + '[]]}')",
    "a fault of another kind": 'return forge(\'{"calls": [], "fault": {"kind": "raised", "type": "x", '
    '"text": "", "line": -9, "traceback": "\\\\u001b[2J"}}\')',
    "then a loop": "forged('{\"list\": [1, 2, 3, 4]}')\nwhile True: pass",
    "an empty right": 'return forge(\'{"calls": [{}, {}, {}], "fault": null}\')',
}

HOOKS = {
    "settrace": "sys.settrace(lambda *a: 1 / 0)\nreturn WRONG",
    "settrace on our frames": "def t(*a): return t\nframe = sys._getframe()\nwhile frame:\n  frame.f_trace = t\n"
    "  frame = frame.f_back\nsys.settrace(t)\nreturn WRONG",
    "setprofile": "sys.setprofile(lambda *a: os._exit(0))\nreturn WRONG",
    "setprofile that loops": "def p(*a):\n  while True: pass\nsys.setprofile(p)\nreturn WRONG",
    "an audit hook that raises": "def h(*a): raise SystemExit\nsys.addaudithook(h)\nreturn WRONG",
    "sys.modules": "sys.modules.clear()\nreturn WRONG",
    "modules replaced": "for name in list(sys.modules): sys.modules[name] = types.ModuleType(name)\nreturn WRONG",
    "built-ins": "import builtins\n"
    "for name in dir(builtins):\n  if not name.startswith('_'): setattr(builtins, name, 0)\n"
    "return 1, 2, 3, 4",
    "json": "json.dumps = json.JSONEncoder.encode = lambda *a, **k: '[]'\nreturn WRONG",
    "atexit": "def late():\n  while True: pass\natexit.register(late)\nreturn WRONG",
    "__del__ at the end": "class A:\n  def __del__(s): os._exit(0)\nsys.left = A()\nreturn WRONG",
    "gc": "def called(*a):\n  while True: pass\ngc.callbacks.append(called)\ngc.set_threshold(1)\nreturn WRONG",
    "weakref": "class A: pass\nweakref.finalize(A(), os._exit, 0)\nreturn WRONG",
    "hooks for errors": "sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: os._exit(0)\n"
    "raise ValueError",
    "faulthandler off": "faulthandler.disable()\nfaulthandler.cancel_dump_traceback_later()\nwhile True: pass",
    "our code replaced": "frame = sys._getframe(1)\nwhile frame:\n  for name in list(frame.f_globals):\n"
    "    if name.startswith('_send') or name == 'frame': frame.f_globals[name] = None\n  frame = frame.f_back\n"
    "return WRONG",
    "limits raised": "import resource\nfor n in range(16): quietly(resource.setrlimit, n, (-1, -1))\nwhile True: pass",
    "addresses written": "ctypes.memset(id(WRONG), 0, 64)\nctypes.memset(id(None), 0, 16)\nreturn WRONG",
}

HOSTILE = {
    "loops": LOOPS,
    "memory": MEMORY,
    "output": OUTPUT,
    "leaving": LEAVING,
    "signals": SIGNALS,
    "standard input": STDIN,
    "files": FILES,
    "threads": THREADS,
    "processes": PROCESSES,
    "numpy": NUMPY,
    "values": VALUES,
    "recursion": RECURSION,
    "descriptors": DESCRIPTORS,
    "forged results": FORGED,
    "hooks": HOOKS,
}
"""Class -> name -> program."""
