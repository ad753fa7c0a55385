/// A number of bytes as people read it.
enum ByteCount {
    /// `640 B`, `12.5 KiB`, `1.2 GiB`.
    static func text(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var (size, unit) = (Double(bytes) / 1024, "KiB")
        for next in ["MiB", "GiB", "TiB"] where size >= 1023.95 { (size, unit) = (size / 1024, next) }
        return "\((size * 10).rounded() / 10) \(unit)"
    }
}
