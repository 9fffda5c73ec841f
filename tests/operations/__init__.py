"""The acceptance of the user-pool API: every operation by journeys, each driven by our client and by boto3."""
