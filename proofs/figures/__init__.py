"""The figures that the report, the paper and `simulate` share, one function each."""
