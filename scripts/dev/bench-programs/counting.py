def text(n):
    state = 1
    words = []
    for i in range(n):
        state = (state * 48271) % 2147483647
        words.append(f"w{state % 5000}")
    return " ".join(words)

def count(words):
    counts = {}
    for word in words:
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts

counts = count(text(200000).split(" "))
most = 0
for word, n in counts.items():
    if n > most:
        most = n
print(len(counts), most)
