"""What a causal Bayesian network is: variables, conditional tables, a frozen graph, and the query grammar."""
