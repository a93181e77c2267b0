"""What tokens of each forge say, and which certificate comes of them; data, no behaviour."""
