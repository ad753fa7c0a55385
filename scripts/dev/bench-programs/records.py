class Account:
    def __init__(self, name, amount):
        self.name = name
        self.amount = amount
        self.changes = 0

def move(source, to, amount):
    source.amount -= amount
    to.amount += amount
    source.changes += 1
    to.changes += 1

def run(n):
    accounts = [Account(f"account {i}", 1000) for i in range(10)]
    for i in range(n):
        move(accounts[i % 10], accounts[(i * 7 + 3) % 10], i % 5)
        if i % 100 == 0:
            accounts[i % 10] = Account("new", accounts[i % 10].amount)
    total = 0
    for i, one in enumerate(accounts):
        total += one.amount * (i + 1) + one.changes
    return total

print(run(300000))
