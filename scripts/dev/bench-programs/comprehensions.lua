local function multiples(n)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[j + 1] = i * j end
    rows[i + 1] = row
  end
  return rows
end
local function diagonal(rows)
  local sum = 0
  for i, row in ipairs(rows) do sum = sum + row[i] end
  return sum
end
local function even(rows)
  local result = {}
  for _, row in ipairs(rows) do
    for _, x in ipairs(row) do if x % 2 == 0 then result[#result + 1] = x end end
  end
  return #result
end
local rows = multiples(700)
print(diagonal(rows) .. " " .. even(rows))
