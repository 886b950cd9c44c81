"""The audit as one document, and what a report says of it."""
