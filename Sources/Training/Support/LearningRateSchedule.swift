import Glibc

/// How the learning rate changes over a run: a linear rise over the first steps, then constant, a straight line
/// down, or half a cosine down.
public struct LearningRateSchedule: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case constant, linear, cosine
    }

    public var kind: Kind
    /// Steps of the rise; step 0 has already 1 / warmUpSteps of the rate.
    public var warmUpSteps: Int
    /// Where the line or the cosine ends, as a share of the rate.
    public var finalShare: Double

    public init(_ kind: Kind = .constant, warmUpSteps: Int = 0, finalShare: Double = 0.1) {
        self.kind = kind
        self.warmUpSteps = warmUpSteps
        self.finalShare = finalShare
    }

    /// The factor of the rate at a step, counted from 0, of a run of `steps`.
    public func factor(step: Int, of steps: Int) -> Double {
        if step < warmUpSteps { return Double(step + 1) / Double(warmUpSteps) }
        guard kind != .constant, steps - 1 > warmUpSteps else { return 1 }
        let progress = min(Double(step - warmUpSteps) / Double(steps - 1 - warmUpSteps), 1)
        let remaining = kind == .linear ? 1 - progress : (1 + cos(Double.pi * progress)) / 2
        return finalShare + (1 - finalShare) * remaining
    }
}

