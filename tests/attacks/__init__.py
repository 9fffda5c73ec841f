"""An attacker against the example applications as they are served: requests as bytes, and what none of them may bring about."""
