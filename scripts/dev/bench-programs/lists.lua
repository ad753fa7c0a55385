local function build(n)
  local state = 42
  local xs = {}
  for i = 1, n do
    state = (state * 1103515245 + 12345) % 2147483648
    xs[#xs + 1] = state
  end
  return xs
end
local function check(xs)
  local total = 0
  for i, x in ipairs(xs) do total = (total + x * ((i - 1) % 10)) % 1000003 end
  return total
end
local function sorted(xs, before)
  local copy = table.move(xs, 1, #xs, 1, {})
  table.sort(copy, before)
  return copy
end
local xs = build(200000)
print(check(sorted(xs)))
print(check(sorted(xs, function(a, b) return -a < -b end)))
