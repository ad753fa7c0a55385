local function check(x)
  if x % 10 == 7 then error("seven", 0) end
  return x
end
local function run(n)
  local good, bad = 0, 0
  for i = 0, n - 1 do
    local ok, result = pcall(check, i)
    if ok then good = good + result % 3 else bad = bad + #result end
  end
  return {good, bad}
end
print(table.concat(run(300000), " "))
