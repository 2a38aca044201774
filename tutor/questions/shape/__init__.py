"""The kind `shape`: the shape of a result, of a gradient or a derivative; and how arrays lie in memory."""
