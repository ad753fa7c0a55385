local function scan(text)
  local digits, spaces, depth, deepest = 0, 0, 0, 0
  for i = 1, #text do
    local c = text:sub(i, i)
    if c >= "0" and c <= "9" then digits = digits + 1
    elseif c == " " then spaces = spaces + 1
    elseif c == "(" then
      depth = depth + 1
      if depth > deepest then deepest = depth end
    elseif c == ")" then depth = depth - 1 end
  end
  return {digits, spaces, deepest}
end
local function vowels(text)
  local count = 0
  for i = 1, #text do
    if string.find("aeiou", text:sub(i, i), 1, true) then count = count + 1 end
  end
  return count
end
local text = string.rep("let area (width, height) = (width * (height + 12)) / 345 in the end ", 8000)
print(table.concat(scan(text), " ") .. " " .. vowels(text))
