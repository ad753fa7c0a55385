import Glibc

/// The C library's functions, under names that do not clash.
enum Maths {
    static func power(_ base: Double, _ exponent: Double) -> Double { Glibc.pow(base, exponent) }
    static func exponential(_ value: Double) -> Double { Glibc.exp(value) }
    static func logarithm(_ value: Double) -> Double { Glibc.log(value) }
    static func secondsSinceStart() -> Double { seconds(CLOCK_MONOTONIC) }
    static func secondsSinceEpoch() -> Double { seconds(CLOCK_REALTIME) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
