"""Chapter 3: signal propagation and dynamical isometry."""
