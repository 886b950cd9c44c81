"""Any discrete Bayesian network: queries, evidence, interventions and counterfactuals, for one network or many draws."""
