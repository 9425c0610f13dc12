"""What follows: rules read from documents, derivations written with their conclusions, proofs as values."""
