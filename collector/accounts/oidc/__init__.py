"""Signing in through another service: OpenID Connect, with one provider for the whole installation."""
