local function mandelbrot(size, limit)
  local inside = 0
  for row = 0, size - 1 do
    local cy = 2.0 * row / size - 1.0
    for column = 0, size - 1 do
      local cx = 3.0 * column / size - 2.0
      local x, y, steps = 0.0, 0.0, 0
      while x * x + y * y <= 4.0 and steps < limit do
        local t = x * x - y * y + cx
        y = 2.0 * x * y + cy
        x = t
        steps = steps + 1
      end
      if steps == limit then inside = inside + 1 end
    end
  end
  return inside
end
print(mandelbrot(160, 100))
