def table(n):
    return [[i * j for j in range(n)] for i in range(n)]

def diagonal(rows):
    return sum([row[i] for i, row in enumerate(rows)])

def even(rows):
    return len([x for row in rows for x in row if x % 2 == 0])

rows = table(700)
print(diagonal(rows), even(rows))
