"""Questions as a package of QTI 1.2: a zip that Canvas, Blackboard and others import.

As IMS's "Question & Test Interoperability: ASI XML Binding Specification 1.2" and "Content Packaging 1.1" have them, in
the subset that Canvas documents (question types by `question_type` in the metadata of an item). An array is asked entry
by entry, as there is no field that takes one. Variants of a blank are a section from which one is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from io import BytesIO
from itertools import groupby
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tutor.course.lms_answers import LmsAnswer
from tutor.course.lms_questions import LmsQuestion, html_of_text

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_ASSESSMENT = "assessment.xml"
_TYPES = {
    "choice": "multiple_choice_question",
    "number": "numerical_question",
    "text": "short_answer_question",
}
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of the files in the zip: the same questions give the same bytes."""

_Element = ElementTree.Element


def as_qti(questions: Sequence[LmsQuestion], title: str, variants: bool = False) -> bytes:
    """The package. With `variants`, of the questions of one blank one is drawn."""
    files = {"imsmanifest.xml": _manifest(), _ASSESSMENT: _assessment(questions, title, variants)}
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as package:
        for name, root in files.items():
            ElementTree.indent(root)
            text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
            package.writestr(ZipInfo(name, _DATE), text)
    return whole.getvalue()


def _manifest() -> _Element:
    root = ElementTree.Element("manifest", {"xmlns": _CP, "identifier": "backprop-tutor"})
    about = ElementTree.SubElement(root, "metadata")
    _add(about, "schema", "IMS Content")
    _add(about, "schemaversion", "1.1.3")
    ElementTree.SubElement(root, "organizations")
    resources = ElementTree.SubElement(root, "resources")
    resource = ElementTree.SubElement(
        resources, "resource", {"identifier": "assessment", "type": "imsqti_xmlv1p2", "href": _ASSESSMENT}
    )
    ElementTree.SubElement(resource, "file", href=_ASSESSMENT)
    return root


def _assessment(questions: Sequence[LmsQuestion], title: str, variants: bool) -> _Element:
    root = ElementTree.Element("questestinterop", xmlns=_QTI)
    assessment = ElementTree.SubElement(root, "assessment", ident="assessment", title=title)
    section = ElementTree.SubElement(assessment, "section", ident="root_section")
    single = [part for one in questions for part in _entry_by_entry(one)]
    if not variants:
        for one in single:
            _item(section, one)
        return root
    single.sort(key=lambda one: one.key)
    for key, group in groupby(single, key=lambda one: one.key):
        members = list(group)
        drawn = ElementTree.SubElement(section, "section", ident=_ident("section", key), title=members[0].blank)
        selection = ElementTree.SubElement(ElementTree.SubElement(drawn, "selection_ordering"), "selection")
        _add(selection, "selection_number", "1")
        extension = ElementTree.SubElement(selection, "selection_extension")
        _add(extension, "points_per_item", f"{members[0].marks:g}")
        for one in members:
            _item(drawn, one)
    return root


def _entry_by_entry(one: LmsQuestion) -> Iterator[LmsQuestion]:
    """The question; of an array a question for each entry, which share its marks."""
    if one.form != "array":
        yield one
        return
    many = sum(map(len, one.cells))
    for number, row in enumerate(one.cells):
        for column, cell in enumerate(row):
            place = f"row {number}, column {column}" if len(one.cells) > 1 else f"number {column}"
            asked = f"<p>Which number is its entry in {place}? Both are counted from 0.</p>"
            if len(one.cells) == 1:
                asked = f"<p>Which number is its entry {place}, counted from 0?</p>"
            yield replace(
                one,
                form="number",
                name=f"{one.name}, {place}",
                blank=f"{one.blank}, {place}",
                key=f"{one.key}, {place}",
                html=one.html + asked,
                answers=cell,
                marks=one.marks / many,
                cells=(),
            )


def _item(section: _Element, one: LmsQuestion) -> None:
    item = ElementTree.SubElement(section, "item", ident=_ident("item", f"{one.key} {one.name}"), title=one.name)
    kind = "multiple_answers_question" if one.several else _TYPES[one.form]
    fields = ElementTree.SubElement(ElementTree.SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", kind), ("points_possible", f"{one.marks:.6g}")):
        pair = ElementTree.SubElement(fields, "qtimetadatafield")
        _add(pair, "fieldlabel", label)
        _add(pair, "fieldentry", entry)
    presentation = ElementTree.SubElement(item, "presentation")
    _material(presentation, one.html)
    if one.form == "choice":
        cardinality = "Multiple" if one.several else "Single"
        response = ElementTree.SubElement(presentation, "response_lid", ident="response1", rcardinality=cardinality)
        render = ElementTree.SubElement(response, "render_choice", shuffle="Yes" if one.shuffle else "No")
        for number, option in enumerate(one.answers):
            choice = ElementTree.SubElement(render, "response_label", ident=f"a{number}")
            _material(choice, f"<p>{escape(option.text)}</p>")
    else:
        response = ElementTree.SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
        render = ElementTree.SubElement(response, "render_fib", fibtype="Decimal" if one.form == "number" else "String")
        ElementTree.SubElement(render, "response_label", ident="answer1")
    _processing(item, one)
    if one.solution:
        _feedback(item, "general_fb", one.solution)
    for number, answer in enumerate(one.answers):
        if answer.says:
            _feedback(item, f"a{number}_fb", answer.says)


def _processing(item: _Element, one: LmsQuestion) -> None:
    """What earns the marks, and what is said to which answer."""
    processing = ElementTree.SubElement(item, "resprocessing")
    outcomes = ElementTree.SubElement(processing, "outcomes")
    ElementTree.SubElement(
        outcomes, "decvar", {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    )
    if one.solution:
        always = ElementTree.SubElement(processing, "respcondition", {"continue": "Yes"})
        ElementTree.SubElement(ElementTree.SubElement(always, "conditionvar"), "other")
        ElementTree.SubElement(always, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    for number, answer in enumerate(one.answers):
        if answer.says:
            said = ElementTree.SubElement(processing, "respcondition", {"continue": "Yes"})
            _is(ElementTree.SubElement(said, "conditionvar"), one, number, answer)
            ElementTree.SubElement(said, "displayfeedback", feedbacktype="Response", linkrefid=f"a{number}_fb")
    if one.several:
        every = ElementTree.SubElement(_earning(processing), "and")
        for number, answer in enumerate(one.answers):
            _is(every if answer.right else ElementTree.SubElement(every, "not"), one, number, answer)
        return
    right = [(number, answer) for number, answer in enumerate(one.answers) if answer.right]
    if one.form == "number":  # as Canvas writes them: each number has a condition of its own
        for number, answer in right:
            _is(_earning(processing), one, number, answer)
        return
    condition = _earning(processing)
    for number, answer in right:  # conditions beside one another are alternatives
        _is(condition, one, number, answer)


def _earning(processing: _Element) -> _Element:
    """A new condition that earns all the marks."""
    right = ElementTree.SubElement(processing, "respcondition", {"continue": "No"})
    condition = ElementTree.SubElement(right, "conditionvar")
    _add(right, "setvar", "100", action="Set", varname="SCORE")
    return condition


def _is(condition: _Element, one: LmsQuestion, number: int, answer: LmsAnswer) -> None:
    """Whether the response is this answer."""
    if one.form == "number":
        value = float(answer.text)
        either = ElementTree.SubElement(condition, "or")
        _add(either, "varequal", answer.text, respident="response1")
        between = ElementTree.SubElement(either, "and")
        _add(between, "vargte", f"{value - answer.tolerance:.12g}", respident="response1")
        _add(between, "varlte", f"{value + answer.tolerance:.12g}", respident="response1")
    else:
        text = f"a{number}" if one.form == "choice" else answer.text
        _add(condition, "varequal", text, respident="response1")


def _feedback(item: _Element, ident: str, text: str) -> None:
    feedback = ElementTree.SubElement(item, "itemfeedback", ident=ident)
    _material(ElementTree.SubElement(feedback, "flow_mat"), html_of_text(text))


def _material(parent: _Element, html: str) -> None:
    _add(ElementTree.SubElement(parent, "material"), "mattext", html, texttype="text/html")


def _add(parent: _Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = text


def _ident(kind: str, name: str) -> str:
    return f"{kind}_{sha256(name.encode()).hexdigest()[:24]}"
