"""What the report calls things: nodes, states, parameters, and the groups of beliefs that people differ on."""
