"""The log-density of all answers given everything unknown, its derivatives, and the PyMC model that samples it."""
