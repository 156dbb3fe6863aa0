"""The schema of the ledger, revision by revision; run by `ledger.schema`."""
