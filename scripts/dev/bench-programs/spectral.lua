local function a(i, j) return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1) end
local function times(v)
  local n, result = #v, {}
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + a(i, j) * v[j + 1] end
    result[i + 1] = sum
  end
  return result
end
local function times_transposed(v)
  local n, result = #v, {}
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + a(j, i) * v[j + 1] end
    result[i + 1] = sum
  end
  return result
end
local u = {}
for i = 1, 120 do u[i] = 1.0 end
local v = u
for i = 1, 6 do
  v = times_transposed(times(u))
  u = times_transposed(times(v))
end
local product, square = 0, 0
for i, x in ipairs(v) do
  product = product + u[i] * x
  square = square + x * x
end
print(string.format("%.9f", math.sqrt(product / square)))
