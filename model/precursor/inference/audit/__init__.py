"""The audit: answers that cannot all hold, conflicts between surveys, and on whom the headline depends."""
