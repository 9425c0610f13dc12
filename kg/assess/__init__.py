"""A patient: what each exposure and condition contributes to the immune status, and which vaccines may be given when."""
