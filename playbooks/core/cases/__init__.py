"""Cases: the state folded from the ledger, the engine that decides, the store that persists."""
