def count(n):
    total = 0
    for i in range(n):
        for j in range(n):
            if (i * j) % 7 == 3:
                total += i + j
            else:
                total -= 1
    return total

print(count(1500))
