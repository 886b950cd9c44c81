"""Forward simulation: whole worlds drawn from the network, to be counted where `argument.query` sums exactly."""
