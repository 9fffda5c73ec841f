"""The steps of the state machine: what a move of `cognito_auth.transitions` sends, and what it makes of the reply.

A step is a generator that takes a state and an event and returns the next state. Whether it may be taken is not its affair.
"""
