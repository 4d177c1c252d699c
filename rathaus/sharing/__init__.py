"""Services that towns share: one signed file, adopted with its origin as the base, updated by a three-way merge."""
