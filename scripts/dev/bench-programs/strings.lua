local function build(n)
  local parts = {}
  for i = 0, n - 1 do
    parts[#parts + 1] = (i % 1000) .. ","
    if i % 3 == 0 then parts[#parts + 1] = "x" end
  end
  return table.concat(parts)
end
local function lines(n)
  local parts = {}
  for i = 0, n - 1 do parts[#parts + 1] = "line " .. i .. ": " .. i * i end
  return table.concat(parts, "\n")
end
print(#build(300000))
print(#lines(100000))
