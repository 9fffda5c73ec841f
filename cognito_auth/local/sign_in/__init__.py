"""Signing in: flows, challenges, second factors, devices, tokens and sessions."""
