"""What can be checked against outcomes: scores, pooling, the expert model on resolved forecasts, classical model."""
