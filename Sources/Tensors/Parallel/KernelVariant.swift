import CKernels
import Glibc

/// The kernels are compiled for several processors. At the start the best that run here are taken, or those that the
/// environment variable `BRIDGE_KERNELS` names; their results differ in the last bits.
public enum KernelVariant {
    /// What runs on this processor, best first: `avx512`, `avx2`, `portable`.
    public static var available: [String] {
        var names: [String] = []
        guard var next = kernel_variants() else { return [] }
        while let name = next.pointee {
            names.append(String(cString: name))
            next += 1
        }
        return names
    }

    public static var inUse: String { String(cString: kernel_variant()) }

    /// Whether nothing better runs here, or was asked for.
    static var isPortable: Bool { strcmp(kernel_variant(), "portable") == 0 }

    /// Runs `body` with other kernels; for tests.
    package static func with<R>(_ name: String, _ body: () throws -> R) throws -> R {
        let before = inUse
        guard kernel_use_variant(name) == 0 else {
            throw TensorError("kernels", "`\(name)` do not run on this processor")
        }
        defer { kernel_use_variant(before) }
        return try body()
    }

    /// What is wrong with `BRIDGE_KERNELS`, or nil.
    public static var problemWithSetting: String? {
        guard let setting = getenv("BRIDGE_KERNELS").map({ String(cString: $0) }), !setting.isEmpty,
            !available.contains(setting)
        else { return nil }
        let names = available.map { "`\($0)`" }.joined(separator: ", ")
        return "BRIDGE_KERNELS is `\(setting)`, and should be one of those that run on this processor: \(names)"
    }
}
