"""What is fitted: answers as statements about quantities, one by one, whose they are, and what they share."""
