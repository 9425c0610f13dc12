"""Impact, retraction, dates and jurisdictions."""
