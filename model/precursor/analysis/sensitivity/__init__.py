"""What drives a run's number: swings, shares of variance, prior and answers raised to powers, what was learned."""
