"""The argument as declarations: nodes, parameters with priors and reasons, scenarios; and exact queries on it."""
