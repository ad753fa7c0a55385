local function adder(n) return function(x) return x + n end end
local function compose(f, g) return function(x) return f(g(x)) end end
local function run(n)
  local total = 0
  for i = 0, n - 1 do
    local f = compose(adder(i), adder(1))
    total = total + f(i) % 10
  end
  return total
end
local function map(xs, f)
  local result = {}
  for i, x in ipairs(xs) do result[i] = f(x) end
  return result
end
local function filter(n, f)
  local result = {}
  for x = 0, n - 1 do if f(x) then result[#result + 1] = x end end
  return result
end
local function sum(xs)
  local total = 0
  for _, x in ipairs(xs) do total = total + x end
  return total
end
print(run(200000))
print(sum(map(filter(200000, function(x) return x % 3 == 0 end), function(x) return x * 2 end)))
