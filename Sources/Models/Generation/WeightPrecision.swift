/// How many bits the weights have while text is sampled. Fewer are read faster, and take less memory. What is computed
/// with them is in f32, but for the products with weights in `q8`. Norms, biases and new blocks keep all their bits.
public enum WeightPrecision: String, Sendable, CaseIterable {
    /// The weights as they are.
    case f32
    /// Rounded to 8 bits of mantissa: exact for a checkpoint in bf16 that was not trained since.
    case bf16
    /// Rounded to IEEE half precision: exact for a checkpoint in f16 that was not trained since. Beyond 65,504 the
    /// largest such number stands.
    case f16
    /// Whole numbers of 8 bits, with a scale for each run of 32 inputs. They are multiplied as whole numbers, with
    /// inputs rounded to 16 bits in the same way.
    case q8
    /// Whole numbers of 4 bits, 0 to 15, with a scale and a least value for each run of 32 inputs, as GGUF's Q4_1.
    case q4

    /// Whether log-probabilities may differ from the trainer's.
    public var isLossy: Bool { self != .f32 }
}
