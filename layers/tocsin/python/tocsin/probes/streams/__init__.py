"""Connections that a check talks over: TCP, TLS, and what is said over them."""
