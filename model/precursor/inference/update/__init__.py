"""What a new survey would do to a run, before anything is fitted."""
