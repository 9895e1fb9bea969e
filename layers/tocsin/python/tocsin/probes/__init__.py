"""What we check. One file per kind; `Prober` runs them all in one loop."""
