"""Cooke's classical model: experts weighted by how they did on questions whose answers are known.

R. M. Cooke (1991), *Experts in Uncertainty*, Oxford University Press; R. M. Cooke and L. L. H. J. Goossens (2008), TU
Delft expert judgment data base, Reliability Engineering and System Safety 93, 657-674, doi 10.1016/j.ress.2007.03.005.
"""
