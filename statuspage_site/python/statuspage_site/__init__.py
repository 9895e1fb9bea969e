"""Templates and assets of the status page. A package, so that they travel in a layer and are found by name."""
