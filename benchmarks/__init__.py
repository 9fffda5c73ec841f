"""What this library costs, side by side with others and with the floor of what it does. ``scripts/bench`` runs all of it."""
