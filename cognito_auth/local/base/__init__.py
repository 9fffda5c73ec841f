"""What every operation of the pool works with: its context, who may call, what is refused and how, pages, keys."""
