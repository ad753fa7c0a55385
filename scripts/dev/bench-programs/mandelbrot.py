def mandelbrot(size, limit):
    inside = 0
    for row in range(size):
        cy = 2.0 * row / size - 1.0
        for column in range(size):
            cx = 3.0 * column / size - 2.0
            x, y, steps = 0.0, 0.0, 0
            while x * x + y * y <= 4.0 and steps < limit:
                t = x * x - y * y + cx
                y = 2.0 * x * y + cy
                x = t
                steps += 1
            if steps == limit:
                inside += 1
    return inside

print(mandelbrot(160, 100))
