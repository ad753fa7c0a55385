import Glibc

/// Pure functions of counts: `n` rows of which `c` are correct.
///
/// Rows of a group are exchangeable, not independent: inside a group of width w these formulas estimate "k random
/// members of a width-w group". Average them over groups; never pool groups (`GroupCounts` does it right).
public enum Metric {
    /// The probability that `k` of the `n` rows, drawn without replacement, hold a correct one: `1 - C(n-c,k)/C(n,k)`,
    /// the unbiased estimator of Chen et al., "Evaluating large language models trained on code" (2021).
    /// - Parameters: `n` at least 1; `c` 0 to n; `k` 1 to n.
    public static func passAt(n: Int, c: Int, k: Int) throws -> Double {
        try MetricError.checkCounts("pass@k", n: n, c: c, k: k)
        if n - c < k { return 1 }
        // C(n-c,k)/C(n,k) as a product of min(c,k) factors: no cancellation, however large n is.
        let (few, many) = (min(c, k), max(c, k))
        var logarithm = 0.0
        for i in 0..<few { logarithm += log1p(-Double(many) / Double(n - i)) }
        return -expm1(logarithm)
    }

    /// G-Pass@k: the probability that at least `m` of `k` rows, drawn without replacement, are correct.
    /// Liu et al., "Are your LLMs capable of stable reasoning?" (2024).
    /// - Parameters: `n` at least 1; `c` 0 to n; `k` 1 to n; `m` 1 to k.
    public static func gPass(n: Int, c: Int, k: Int, m: Int) throws -> Double {
        try MetricError.checkCounts("G-Pass@k", n: n, c: c, k: k)
        try MetricError.require((1...k).contains(m), "G-Pass@k: m is \(m), but must be 1 to k = \(k)")
        let low = max(m, k - (n - c)), high = min(c, k)
        if low > high { return 0 }
        if low == max(0, k - (n - c)) { return 1 }
        var sum = 0.0
        for j in low...high { sum += exp(logHypergeometric(j, n: n, c: c, k: k)) }
        return min(sum, 1)
    }

    /// The same with the threshold as a share `tau` of `k`, 0 to 1: `m = max(ceil(tau * k), 1)`.
    public static func gPass(n: Int, c: Int, k: Int, tau: Double) throws -> Double {
        try MetricError.checkCounts("G-Pass@k", n: n, c: c, k: k)
        return try gPass(n: n, c: c, k: k, m: try threshold(tau: tau, k: k))
    }

    /// `max(ceil(tau * k), 1)` with the ceiling forgiving rounding: `k * (i / k)` in floating point often lies just
    /// above i, and its plain ceiling would then be i + 1.
    public static func threshold(tau: Double, k: Int) throws -> Int {
        try MetricError.require((0...1).contains(tau), "G-Pass@k: tau is \(tau), but must be 0 to 1")
        return max(Int((tau * Double(k) - 1e-9 * Double(k)).rounded(.up)), 1)
    }

    /// mG-Pass@k: `(2/k)` times the sum of G-Pass@k over `m` from `ceil(k/2) + 1` to `k`, as in the reference
    /// implementation. Its maximum is 1 for even k, `(k-1)/k` for odd k, hence 0 for k = 1.
    public static func mGPass(n: Int, c: Int, k: Int) throws -> Double {
        try MetricError.checkCounts("mG-Pass@k", n: n, c: c, k: k)
        let first = (k + 1) / 2 + 1
        guard first <= k else { return 0 }
        var sum = 0.0
        for m in first...k { sum += try gPass(n: n, c: c, k: k, m: m) }
        return 2 * sum / Double(k)
    }

    /// The logarithm of `C(c,j) C(n-c,k-j) / C(n,k)`.
    static func logHypergeometric(_ j: Int, n: Int, c: Int, k: Int) -> Double {
        logBinomial(c, j) + logBinomial(n - c, k - j) - logBinomial(n, k)
    }

    static func logBinomial(_ n: Int, _ k: Int) -> Double {
        if k < 0 || k > n { return -.infinity }
        return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
    }

    private static func logFactorial(_ n: Int) -> Double {
        var sign: Int32 = 0
        return lgamma_r(Double(n) + 1, &sign)
    }
}
