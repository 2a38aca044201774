"""The kind `gradient`: a gradient as a matrix expression, judged on random tensors of the question's shapes."""
