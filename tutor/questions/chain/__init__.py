"""The kind `chain`: the chain rule as a formula in partial derivatives, judged by the paths of who depends on whom."""
