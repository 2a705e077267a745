"""A day without its year, with no zero before the month."""

MONTH_DAY_FORMAT = "n月j日"
