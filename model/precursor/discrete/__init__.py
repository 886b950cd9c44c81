"""Any discrete Bayesian network: queries, evidence, interventions, counterfactuals, for one network or many draws."""
