import Glibc

/// How the learning rate changes over a run: a linear rise over the first steps, then constant, a straight line
/// down, half a cosine down, or constant until a straight line down over the last steps (warm-up, stable, decay).
public struct LearningRateSchedule: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case constant, linear, cosine, wsd
    }

    public var kind: Kind
    /// Steps of the rise; step 0 has already 1 / warmUpSteps of the rate.
    public var warmUpSteps: Int
    /// How much of the run the last line of `wsd` takes.
    public var decayShare: Double
    /// Where the line or the cosine ends, as a share of the rate.
    public var finalShare: Double

    public init(
        _ kind: Kind = .constant, warmUpSteps: Int = 0, finalShare: Double = 0.1, decayShare: Double = 0.2
    ) {
        self.kind = kind
        self.warmUpSteps = warmUpSteps
        self.finalShare = finalShare
        self.decayShare = decayShare
    }

    /// The factor of the rate at a step, counted from 0, of a run of `steps`.
    public func factor(step: Int, of steps: Int) -> Double {
        if step < warmUpSteps { return Double(step + 1) / Double(warmUpSteps) }
        guard kind != .constant, steps - 1 > warmUpSteps else { return 1 }
        if kind == .wsd {
            let decaySteps = min(max((decayShare * Double(steps)).rounded(), 1), Double(steps - 1 - warmUpSteps))
            let left = Double(max(steps - 1 - step, 0)) / decaySteps
            return finalShare + (1 - finalShare) * min(left, 1)
        }
        let progress = min(Double(step - warmUpSteps) / Double(steps - 1 - warmUpSteps), 1)
        let remaining = kind == .linear ? 1 - progress : (1 + cos(Double.pi * progress)) / 2
        return finalShare + (1 - finalShare) * remaining
    }
}

