local function account(name, amount) return {name = name, amount = amount, changes = 0} end
local function move(from, to, amount)
  from.amount = from.amount - amount
  to.amount = to.amount + amount
  from.changes = from.changes + 1
  to.changes = to.changes + 1
end
local function run(n)
  local accounts = {}
  for i = 0, 9 do accounts[i] = account("account " .. i, 1000) end
  for i = 0, n - 1 do
    move(accounts[i % 10], accounts[(i * 7 + 3) % 10], i % 5)
    if i % 100 == 0 then accounts[i % 10] = account("new", accounts[i % 10].amount) end
  end
  local total = 0
  for i = 0, 9 do total = total + accounts[i].amount * (i + 1) + accounts[i].changes end
  return total
end
print(run(300000))
