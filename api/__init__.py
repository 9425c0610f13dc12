"""The HTTP face of Immunograph: it computes nothing."""
