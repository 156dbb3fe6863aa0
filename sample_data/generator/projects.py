"""thin"""
def write_ledger(path, *, seed): pass
