local function text(n)
  local state = 1
  local words = {}
  for i = 1, n do
    state = (state * 48271) % 2147483647
    words[i] = "w" .. state % 5000
  end
  return table.concat(words, " ")
end
local function count(text)
  local counts = {}
  for word in text:gmatch("[^ ]+") do
    if counts[word] then counts[word] = counts[word] + 1 else counts[word] = 1 end
  end
  return counts
end
local counts = count(text(200000))
local most, distinct = 0, 0
for word, n in pairs(counts) do
  distinct = distinct + 1
  if n > most then most = n end
end
print(distinct .. " " .. most)
