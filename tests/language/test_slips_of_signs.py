"""Slips in operators, brackets, bars, lists and numbers."""

from __future__ import annotations

import pytest

from tutor.language import read_expression

from .slips import Slip
from .words import USUAL

SLIPS = [
    # nothing, and too little
    Slip("", "There is nothing here yet.", "^"),
    Slip("   ", "There is nothing here yet.", "^"),
    Slip("x+", "Something is missing after the +.", " ^"),
    Slip("x +", "Something is missing after the +.", "  ^"),
    Slip("x**", "Something is missing after the **.", " ^^"),
    Slip("x^", "Something is missing after the ^.", " ^"),
    Slip("*x", "Something is missing before the *.", "^"),
    Slip("/x", "Something is missing before the /.", "^"),
    Slip("x*(", "This ( is never closed: a ) is missing.", "  ^^"),
    Slip("x*", "Something is missing after the *.", " ^"),
    Slip("x + * y", "Something is missing between + and *.", "  ^^^"),
    Slip("x+^1", "Something is missing between + and ^.", " ^^"),
    Slip("2/*x", "There is no sign /*.", " ^^"),
    Slip("x***y", "There is no sign ***.", " ^^^"),
    Slip("x * * 2", "A power is written ** without a space in between.", "  ^^^", "x ** 2"),
    Slip("x^^2", "There is no sign ^^.", " ^^"),
    Slip("(x + )", "Something is missing after the +.", "   ^"),
    Slip("( * x)", "Something is missing before the *.", "  ^"),
    Slip("²", "There is nothing to raise to this power.", "^"),
    Slip("ᵀ", "There is nothing to transpose here.", "^"),
    Slip("x^²", "A raised character needs no ^ in front.", " ^", "x²"),
    # brackets
    Slip("(", "This ( is never closed: a ) is missing.", "^^"),
    Slip(")", "This ) has no ( before it.", "^"),
    Slip("(x", "This ( is never closed: a ) is missing.", "^ ^", "(x)"),
    Slip("x)", "This ) has no ( before it.", " ^", "x"),
    Slip("x-1)^2", "This ) has no ( before it.", "^  ^", "(x-1)^2"),
    Slip("(x+y", "This ( is never closed: a ) is missing.", "^   ^", "(x+y)"),
    Slip("sin(x", "This ( is never closed: a ) is missing.", "   ^ ^", "sin(x)"),
    Slip("sin(x + 1", "This ( is never closed: a ) is missing.", "   ^     ^"),
    Slip("exp(-a", "This ( is never closed: a ) is missing.", "   ^  ^", "exp(-a)"),
    Slip("1/(1+exp(-a", "This ( is never closed: a ) is missing.", "        ^  ^", "1/(1+exp(-a))"),
    Slip("x + (y*z", "This ( is never closed: a ) is missing.", "    ^   ^", "x + (y*z)"),
    Slip("1/(2 + x*y", "This ( is never closed: a ) is missing.", "  ^       ^"),
    Slip("1/(2*x + y", "This ( is never closed: a ) is missing.", "  ^       ^", "1/(2*x + y)"),
    Slip(
        "exp((x + y)*(z + 1)", "This ( is never closed: a ) is missing.", "   ^               ^", "exp((x + y)*(z + 1))"
    ),
    Slip("(x + y*z + 2", "This ( is never closed: a ) is missing.", "^           ^"),
    Slip(
        "5 + (1+2] + 3", "The ( is closed by ]. Brackets close in pairs of the same kind.", "    ^   ^", "5 + (1+2) + 3"
    ),
    Slip("([x)]", "The [ is closed by ). Brackets close in pairs of the same kind.", " ^ ^"),
    Slip("(x]", "The ( is closed by ]. Brackets close in pairs of the same kind.", "^ ^", "(x)"),
    Slip("[x)", "The [ is closed by ). Brackets close in pairs of the same kind.", "^ ^", "(x)"),
    Slip("()", "There is nothing between these brackets.", "^^"),
    Slip("(())", "There is nothing between these brackets.", " ^^"),
    Slip("x()", "There is nothing between these brackets.", " ^^"),
    Slip("[]", "There is nothing between these brackets.", "^^"),
    Slip("[[]]", "There is nothing between these brackets.", " ^^"),
    Slip("[1, 2", "This [ is never closed: a ] is missing.", "^    ^", "[1, 2]"),
    Slip("1, 2]", "This ] has no [ before it.", "^   ^", "[1, 2]"),
    Slip("x⁽y)", "A bracket in the raised part has no partner there.", " ^"),
    Slip("x⁽²", "A bracket in the raised part has no partner there.", " ^^"),
    Slip("(x²⁾", "A bracket in the raised part has no partner there.", "  ^^"),
    Slip("{x", "Use round brackets ( ) instead of { }.", "^", "(x)"),
    Slip("<x>", "Something is missing before the <.", "^"),
    # bars
    Slip("|x", "This bar has no partner: |x| has one on each side.", "^"),
    Slip("x|", "This bar has no partner: |x| has one on each side.", " ^"),
    Slip("||x", "This bar has no partner: ||v|| has one on each side.", "^^"),
    Slip("||x|", "These bars do not pair up around something.", "^^ ^"),
    Slip("x | y", "A single | between two things has no meaning. An absolute value is written |x|.", "  ^"),
    Slip("x || y", "A single || between two things has no meaning. A norm is written ||v||.", "  ^^"),
    Slip("|", "This bar has no partner: |x| has one on each side.", "^"),
    Slip("||", "These bars do not pair up around something.", "^^"),
    Slip("|x|y|z|", "These bars can be paired in two ways. Write abs(x) instead of |x|.", "^ ^ ^ ^"),
    Slip("|(x|)", "This bar has no partner: |x| has one on each side.", "   ^"),
    # numbers
    Slip("2 3 + 1", "Two numbers are side by side. An operator is missing between them, or [ ] around a list.", "^^^"),
    Slip("0,5x", "Decimals are written with a point: 0.5.", " ^", "0.5x"),
    Slip("(0,002*6800)/1,2", "Decimals are written with a point: 0.002.", "  ^", "(0.002*6800)/1.2"),
    Slip("1,000", "Write 1.000 if the comma is a decimal point, 1000 if it groups digits.", " ^"),
    Slip("-1,979", "Write -1.979 if the comma is a decimal point, -1979 if it groups digits.", "  ^"),
    Slip("-3 3/8", "Write 3 3/8 as (3 + 3/8).", " ^^^^^", "-(3 + 3/8)"),
    Slip("x + 1 1/2 y", "Write 1 1/2 as (1 + 1/2).", "    ^^^^^", "x + (1 + 1/2) y"),
    Slip(
        "x/2 1/2", "Two numbers are side by side. An operator is missing between them, or [ ] around a list.", "  ^^^"
    ),
    Slip("34 944", "Write 34944 without a space, or [34, 944] for a vector.", "^^^^^^", "34944"),
    Slip(
        "1979 e-3", "Write 1979e-3 without a gap for a power of ten, 1979*e - 3 if e is 2.718…", "^^^^^^^^", "1979e-3"
    ),
    Slip("1e 10", "Write 1e10 without a gap for a power of ten, 1*e*10 if e is 2.718…", "^^^^^", "1e10"),
    Slip("2 e3", "Write 2e3 without a gap for a power of ten.", "  ^^", "2e3"),
    Slip("19.79 x 10^-1", "Write a power of ten with *: 19.79*10^-1.", "      ^", "19.79*10^-1"),
    Slip("-0·78", "A decimal point is on the line: write 0.78.", " ^^^^", "-0.78"),
    Slip("1·05", "A decimal point is on the line: write 1.05.", "^^^^", "1.05"),
    Slip("12,345,678", "Write the number without a comma: 12345678.", "  ^", "12345678"),
    Slip("1,234.5", "Write the number without a comma: 1234.5.", " ^", "1234.5"),
    Slip("12,5e3", "Decimals are written with a point: 12.5e3.", "  ^", "12.5e3"),
    Slip("1,500*x + 2,5", "Write 1.500 if the comma is a decimal point, 1500 if it groups digits.", " ^"),
    Slip("exp(0,5)", "Decimals are written with a point: 0.5.", "     ^", "exp(0.5)"),
    Slip("exp(0,5, x)", "Decimals are written with a point: 0.5.", "     ^"),
    Slip("exp(1,2,3)", "The function exp takes one argument, here are 3: write exp(x).", "^^^^^^^^^^"),
    Slip("1,5*x", "Decimals are written with a point: 1.5.", " ^", "1.5*x"),
    Slip("(1,2)", "Write a decimal with a point, 1.2, or a vector in square brackets, [1, 2].", "  ^"),
    Slip("2.5.1", "A number has one decimal point.", "^^^^^"),
    Slip("0..1", "A number has one decimal point.", "^^^^"),
    Slip("3..2", "A number has one decimal point.", "^^^^"),
    Slip("x.1", "An operator is missing before .1.", " ^^"),
    Slip("x . 1", "A full stop on its own means nothing here. Decimals are written 0.5.", "  ^"),
    Slip("x..y", "A full stop on its own means nothing here. Decimals are written 0.5.", " ^"),
    Slip(".", "A full stop on its own means nothing here. Decimals are written 0.5.", "^"),
    Slip("1_000", "Write the number without _: 1000.", "^^^^^", "1000"),
    Slip("0x1F", "Hexadecimal numbers are not supported. Write decimal numbers.", "^^^^"),
    Slip("0b11", "Binary numbers are not supported. Write decimal numbers.", "^^^^"),
    Slip("0o17", "Octal numbers are not supported. Write decimal numbers.", "^^^^"),
    Slip("1e400", "This number is too large or too small: numbers must be between 1e-300 and 1e300.", "^^^^^"),
    Slip("1e-400", "This number is too large or too small: numbers must be between 1e-300 and 1e300.", "^^^^^^"),
    Slip(
        "99999999999999999999999999999999999999999",
        "This number has more than 40 digits. Write it shorter.",
        "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ),
    Slip("52%", "Write 52% as 0.52.", "^^^", "0.52"),
    Slip("x%", "The sign % is not supported.", " ^"),
    Slip("5!", "There is no factorial here, so ! cannot be read.", " ^"),
    Slip("3!!!", "There is no factorial here, so ! cannot be read.", " ^"),
    Slip("2x3", "The name x3 is not known here. Did you mean x*3 or x^3?", " ^^"),
    Slip("3.67x10^2", "Write a power of ten with *, as in 3.67*10^2.", "    ^^^", "3.67*10^2"),
    Slip("y x10^2", "The name x10 is not known here. Did you mean x*10 or x^10?", "  ^^^"),
    Slip("x10^2", "The name x10 is not known here. Did you mean x*10 or x^10?", "^^^"),
    Slip("1:2", "Write a quotient with /.", " ^", "1/2"),
    Slip("1 ½x", "Write 1½ as a sum: 1 + 1/2.", "^^^", "(1 + 1/2)x"),
    Slip("①", "The character ① (U+2460, circled digit one) is not read as a digit. Type 1.", "^", "1"),
    Slip("\u0661", "A character (U+0661, arabic-indic digit one) is not read as a digit. Type 1.", "^", "1"),
    Slip("x + inf", "There is no infinity here. In a mask, write a number such as -1e9.", "    ^^^"),
    Slip("nan", "There is no nan here. Write a formula.", "^^^"),
    Slip("3 j", "The name j is not known here. The names are a, b, c, v, W, x, y and z.", "  ^"),
    # lists
    Slip("x(y, z)", "Here x is a name, not a function, so it takes no list in brackets.", "   ^"),
    Slip("1,", "Leave out the comma at the end.", " ^", "1"),
    Slip("[1,,2]", "Something is missing after the comma.", "  ^"),
    Slip("[,1]", "Something is missing before the comma.", " ^"),
    Slip(", x", "Something is missing before the comma.", "^"),
    Slip("[1 2, 3]", "Separate the entries either all with commas or all with spaces.", " ^^^"),
    Slip("[[1, 2], [3]]", "The rows differ in length: the first has 2 entries, this one 1.", "         ^^^"),
    Slip("1 2; 3", "The rows differ in length: the first has 2 entries, this one 1.", "     ^"),
    Slip("[[1, 2], 3]", "This entry is not a row in brackets as the others are.", "         ^"),
    Slip(
        "[[[1], [2]], [[3]]]", "The parts differ in shape: the first has (2, 1), this one (1, 1).", "             ^^^^^"
    ),
    Slip("[[[[[[[[[1]]]]]]]]]", "An array has at most 8 axes here.", "^^^^^^^^^^^^^^^^^^^"),
    Slip("sum(x; y)", "Rows separated by ; need square brackets: [1, 2; 3, 4].", "     ^"),
    Slip(";", "Something is missing before the ;.", "^"),
    Slip(
        "np.array((1, 2))", "A list in round brackets does not work here. Write a vector as [1, 2].", "         ^^^^^^"
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: ascii(slip.text[:20]))
def test_a_slip_is_explained_where_it_is(slip: Slip) -> None:
    slip.check(lambda text: read_expression(text, USUAL))
