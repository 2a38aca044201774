"""The kind `shape`: the shape of a result, of a gradient or a derivative; and how arrays lie in memory."""

from __future__ import annotations

from tutor.questions.shape.question import ShapeTable, make_shape

__all__ = ["ShapeTable", "make_shape"]
