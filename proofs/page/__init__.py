"""The report: one page of HTML that opens offline."""
