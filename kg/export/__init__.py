"""Renderings of answers, proofs and graphs: one module per format."""
