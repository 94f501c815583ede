"""The file of one case (案卷): everything the ledger says of it, for people, for programs, to verify."""
