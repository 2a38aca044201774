"""What people bring along from programs, other notations and other alphabets."""

from __future__ import annotations

import pytest

from tutor.language import read_expression

from .slips import SUCH, Slip
from .words import USUAL

SLIPS = [
    # equations and programs
    Slip("y=x", "This is an equation; an expression is needed. Give only the right-hand side: x", " ^", "x"),
    Slip("y = x", "This is an equation; an expression is needed. Give only the right-hand side: x", "  ^", "x"),
    Slip("x=", "This is an equation; give an expression instead.", " ^"),
    Slip(
        "f(x) = 2x",
        "This is an equation; an expression is needed. Give only the right-hand side: 2x",
        "     ^",
        "2x",
    ),
    Slip(
        "dL/dx = 2x",
        "This is an equation; an expression is needed. Give only the right-hand side: 2x",
        "      ^",
        "2x",
    ),
    Slip("x + y = z", "This is an equation; give one side of it instead, such as z.", "      ^", "z"),
    Slip("x = y = z", "This is an equation; give one side of it instead, such as z.", "      ^", "z"),
    Slip("x => y", "Write >= instead of =>.", "  ^^", "x >= y"),
    Slip("x <> y", "Write != instead of <>.", "  ^^", "x != y"),
    Slip("x > ", "Something is missing after the >.", "  ^"),
    Slip("> x", "Something is missing before the >.", "^"),
    Slip(
        "x[y > 0]",
        "Entries are not picked by a comparison. Write x*[ ], which is x where it holds and 0 elsewhere.",
        "^^",
        "x*[y > 0]",
    ),
    Slip("not x > 0", "Write the opposite comparison: x <= 0 where x > 0 does not hold.", "^^^"),
    Slip("{x, x > 0; y}", "Write a function in pieces with where: where(x > 0, x^2, -x).", "^"),
    Slip("x := 5", "The sign := is not supported. An equation has a single =.", "  ^^"),
    Slip("x += 1", "The sign += is not supported. An equation has a single =.", "  ^^"),
    Slip("x -> y", "The sign -> is not supported. An equation has a single =.", "  ^^"),
    Slip(
        "x && y",
        "Only comparisons are joined by &&, as in x > 0 && x < 1. "
        "Of two answers, give one; a product is written with *.",
        "^",
    ),
    Slip(
        "x > 0 or y",
        "Only comparisons are joined by or, as in x > 0 or x < 1. "
        "Of two answers, give one; the larger of two is max(a, b).",
        "         ^",
    ),
    Slip("x if x", "At the end, else is expected.", "      ^"),
    Slip("not x", "Write the opposite comparison: x <= 0 where x > 0 does not hold.", "^^^"),
    Slip("# x", "Leave out the comment from # on.", "^^^"),
    Slip("x // y", "Divide with a single /.", "  ^^", "x / y"),
    Slip("x:y", "Leave out what is before the colon; a quotient is written with /.", " ^", "y"),
    Slip(
        "x & y",
        "Only comparisons are joined by &, as in x > 0 & x < 1. Of two answers, give one; a product is written with *.",
        "^",
    ),
    Slip("@", "Something is missing before the @.", "^"),
    Slip("x ~ y", "The sign ~ has no place in a formula.", "  ^"),
    Slip("x times y", "Write * for times.", "  ^^^^^", "x * y"),
    Slip("x plus y", "Write + for plus.", "  ^^^^", "x + y"),
    Slip("x'y\"", "Leave out the quotes.", "   ^"),
    Slip("x.y", "Write a product with *: x*y.", " ^^", "x*y"),
    Slip("x.foo", "Only .T or a function such as .sum() may follow a full stop, not .foo.", " ^^^^"),
    Slip("x.__class__", "Only .T or a function such as .sum() may follow a full stop, not .__class__.", " ^^^^^^^^^^"),
    Slip(".T", "Something is missing before .T.", "^^"),
    Slip("x.sum", "Brackets are missing after .sum: .sum()", " ^^^^^", "x.sum()"),
    Slip("x.sum + y", "Brackets are missing after .sum: .sum()", " ^^^^^", "x.sum() + y"),
    Slip("(x + y).z", "Write a product with *: ( )*z.", "       ^^", "(x + y)*z"),
    Slip(".sum()", "Something is missing before .sum.", "^^^^"),
    Slip("x + .T", "Something is missing before .T.", "    ^^"),
    Slip("(.T)", "Something is missing before .T.", " ^^"),
    Slip("x**^2", "Something is missing between ** and ^.", " ^^^"),
    Slip("W.Tx", "Put an operator after .T: .T @ x or .T*x.", " ^^^"),
    Slip("W^Tx", "Put an operator after ^T: ^T @ x or ^T*x.", "  ^^"),
    Slip(
        "x[y + 1]", "A position is a whole number, counted from 0. Write x[0], X[1, 2], X[:, 0] or x[1:3].", "  ^^^^^"
    ),
    Slip(
        "x.T[1.5]", "A position is a whole number, counted from 0. Write x[0], X[1, 2], X[:, 0] or x[1:3].", "    ^^^"
    ),
    Slip("(x)[]", "Which entry? Write x[0], X[1, 2], X[:, 0] or x[1:3].", "   ^^"),
    Slip("x[i]", "The position i is not known here. Write x[0], X[1, 2], X[:, 0] or x[1:3].", "  ^"),
    Slip("x[1:y]", "Around the : of a slice are whole numbers, or nothing: x[1:3], x[1:], x[:-1].", "  ^^^"),
    Slip("x[::0]", "The step of a slice is not 0.", "  ^^^"),
    Slip(
        "x[:, y]",
        "An array of positions is alone, as in E[idx], or beside another, as in P[range(3), y]. "
        "Columns are E.T[idx].T.",
        "^^^^^^^",
    ),
    Slip("np", "A full stop is missing after np, as in np.exp(x).", "^^"),
    Slip("np.", "The name of a function is missing after np.", "  ^"),
    Slip("np x", "A full stop is missing after np, as in np.exp(x).", "^^"),
    Slip("sum(x=1)", "The function sum takes only axis and keepdims, not x.", "    ^"),
    Slip("(x = 1)", "There is an = inside brackets. Only an option such as axis=0 has one.", " ^"),
    Slip("[x = 1]", "There is an = inside brackets. Only an option such as axis=0 has one.", "   ^"),
    Slip("x\ny", "Write it on one line. Rows of a matrix are separated by ;.", " ^"),
    Slip("__import__(x)", f"There is no function __import__ here.{SUCH}", "^^^^^^^^^^"),
    # characters
    Slip("∞", "There is no infinity here.", "^"),
    Slip("x ≈ y", "Give one side of the ≈ instead. Two values are compared with ==, >, >=, < or <=.", "  ^"),
    Slip(
        "x → y",
        "Arrows are not supported: give what the arrow leads to, or an equation with a single =.",
        "  ^",
    ),
    Slip("∑x", "Write a sum with the word: sum(x).", "^^"),
    Slip("Σ(x)", "Write a sum with the word: sum(x).", "^"),
    Slip("∫x", "Integrals are not supported.", "^"),
    Slip("∛x", "Write a cube root as a power: x^(1/3).", "^"),
    Slip("…", "Write the formula out in full, without dots.", "^"),
    Slip("x ∈ y", "The character ∈ (U+2208, element of) has no place in a formula.", "  ^"),
    Slip("а + a", "The letter а is Cyrillic (U+0430). Type the Latin a.", "^", "a + a"),
    Slip("Α", "The name Α is a Greek letter and is not known here.", "^"),
    Slip("ο", "The name ο is a Greek letter and is not known here.", "^"),
    Slip("ŷ", "The character ŷ (U+0177, latin small letter y with circumflex) has no place in a formula.", "^"),
    Slip("é", "The character é (U+00E9, latin small letter e with acute) has no place in a formula.", "^"),
    Slip("x\x00y", "A NUL character (U+0000) has no place in a formula.", " ^"),
    Slip("\x1b[31mx", "An escape character (U+001B) has no place in a formula.", "^"),
    Slip("x\u202e+1", "An invisible character (U+202E, right-to-left override) has no place in a formula.", " ^"),
    Slip("💗", "The character 💗 (U+1F497, growing heart) has no place in a formula.", "^^"),
    Slip("\u05e9x", "A character (U+05E9, hebrew letter shin) has no place in a formula.", "^"),
    # LaTeX
    Slip("\\", "A backslash has no place in a formula.", "^"),
    Slip("x \\", "A backslash has no place in a formula.", "  ^"),
    Slip("\\foo{x}", "The LaTeX command \\foo is not supported. Type the formula plainly.", "^^^^"),
    Slip("\\cdotx", "There is no command \\cdotx. Did you mean \\cdot x?", "^^^^^^"),
    Slip("\\lnx", "There is no command \\lnx. Did you mean \\ln x?", "^^^^", "\\ln x"),
    Slip("\\kron x", 'There is no function kron here. Write reshape(einsum("ij,kl->ikjl", a, b), (4, 6)).', "^^^^^"),
    Slip("\\frac{x}", "Something in braces { } is missing here.", "        ^"),
    Slip("\\frac{x}{", "This { is never closed.", "        ^"),
    Slip("x^{2", "This { is never closed.", "  ^", "x^{2}"),
    Slip("x}", "Use round brackets ( ) instead of { }.", " ^", "x"),
    Slip("\\sqrt", "Something in braces { } is missing here.", "     ^"),
    Slip("\\frac", "Something in braces { } is missing here.", "     ^"),
    Slip(
        "x \\approx y",
        "The sign \\approx is not read. Two values are compared with ==, >, >=, < or <=.",
        "  ^^^^^^^",
    ),
    Slip("\\infty", "There is no infinity here.", "^^^^^^"),
    Slip("x \\\\ y", "Write it on one line.", "  ^^"),
    Slip("\\mathbf +", "Something in braces { } is missing here.", "^^^^^^^"),
    Slip("x_{1,2}", "Write the subscript without braces: x_1.", "^^^^^^^"),
    Slip("x_{i", "Write the subscript without braces: x_1.", "  ^"),
    Slip(
        "\\begin{cases}x\\end{cases}",
        "Cases need two rows: the last one says what holds otherwise.",
        f"{' ' * 14}^^^^^^^^^^^",
    ),
    Slip(
        "\\partial f/\\partial x", "There is no name ∂f/∂x here. Write the derivative itself.", "^^^^^^^^^^^^^^^^^^^^^"
    ),
    Slip("\\alpha", "The name α is not known here. The names are a, b, c, v, W, x, y and z.", "^^^^^^"),
    Slip("1\\(1 + x)", "A quotient is written with /, not \\.", " ^^", "1/(1 + x)"),
    Slip("x\\y", "A quotient is written with /, not \\.", " ^^", "x/y"),
    Slip("1\\2", "A quotient is written with /, not \\.", " ^^", "1/2"),
    Slip("x \\ 2", "A quotient is written with /, not \\.", "  ^^", "x / 2"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: ascii(slip.text[:20]))
def test_a_slip_is_explained_where_it_is(slip: Slip) -> None:
    slip.check(lambda text: read_expression(text, USUAL))
