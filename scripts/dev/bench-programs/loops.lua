local function count(n)
  local total = 0
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      if (i * j) % 7 == 3 then total = total + i + j else total = total - 1 end
    end
  end
  return total
end
print(count(1500))
