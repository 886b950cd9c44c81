"""The headline under other structures of the argument, side by side, and fitted anew and stacked."""
