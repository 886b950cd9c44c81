"""The training chain: histories, state space, generator, phases, propagation; what can be read off it."""
