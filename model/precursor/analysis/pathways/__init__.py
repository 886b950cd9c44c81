"""Which ways lead to a catastrophe, what each is worth removing, and what interventions would change."""
