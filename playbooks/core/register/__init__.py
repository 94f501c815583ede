"""The register (台账) of units, accounts, people and the duty roster: read, compare, store, export."""
