"""Rule tables as data: each file tells its edition, dates, source and confidence."""
