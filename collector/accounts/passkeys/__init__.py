"""Passkeys: keys that a member's device signs with, in the place of a password and a second step (WebAuthn Level 3)."""
