"""The ledger (台账): projects, land claims, problems, and who did what, when.

`Ledger(url, key)` opens it; `with ledger.begin(actor) as work:` is one transaction;
verbs live in a file for each job: `projects`, `shortlist`, `claims`, `problems`,
`indicators`, `audit`.
"""
