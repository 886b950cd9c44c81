"""What would be worth learning: indicators, experiments, and the questions of the next survey."""
