"""What may be said: quantities, scopes, claims, evidence and sources, as values."""
