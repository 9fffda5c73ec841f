"""Hypothesis without a deadline for each example: how long one takes says how busy the machine is, and nothing else."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("cognito-auth", deadline=None)
settings.load_profile("cognito-auth")
