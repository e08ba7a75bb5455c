"""Chapter 2: spectra of structures other than trees."""
