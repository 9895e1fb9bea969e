"""Names become addresses: a DNS client of our own, in our loop."""
