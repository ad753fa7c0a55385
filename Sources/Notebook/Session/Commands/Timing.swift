import Glibc

/// How long something took: on the wall, and on all processors together.
struct Timing {
    var wall: Double
    var processor: Double

    static func measuring<R>(_ body: () throws -> R) rethrows -> (result: R, timing: Timing) {
        let (wall, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
        let result = try body()
        return (
            result,
            Timing(wall: seconds(CLOCK_MONOTONIC) - wall, processor: seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
        )
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// `8.31 ns`, `12.5 µs`, `340 ms`, `2.50 s`, `2:05`: three digits.
    static func text(_ seconds: Double) -> String {
        if seconds >= 60 { return ProgressLine.duration(seconds) }
        for (unit, scale) in [("s", 1.0), ("ms", 1e3), ("µs", 1e6)] where seconds * scale >= 0.9995 {
            return ProgressLine.short(seconds * scale) + " " + unit
        }
        return ProgressLine.short(seconds * 1e9) + " ns"
    }
}

/// The middle of some measurements and how far they spread.
struct Spread: Equatable {
    var median: Double
    var lowerQuartile: Double
    var upperQuartile: Double

    /// - Parameter samples: one or more. Quartiles are interpolated, as NumPy does by default.
    init(_ samples: [Double]) {
        let sorted = samples.sorted()
        func quantile(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let below = Int(position)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
        }
        (median, lowerQuartile, upperQuartile) = (quantile(0.5), quantile(0.25), quantile(0.75))
    }
}
