import Glibc

/// What Linux says of memory.
package enum MachineMemory {
    /// Bytes that the machine or the innermost control group with a limit has.
    package static var total: Int {
        var sizes = [sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))]
        sizes += groupLimits
        return sizes.filter { $0 > 0 }.min() ?? 0
    }

    /// Bytes of this process that are in memory and belong to no file.
    package static var resident: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return 0 }
            // Pages: all, resident, of these shared or of files, ...
            var numbers: [Int] = [0]
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: " ") { numbers.append(0) }
                if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                    numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
                }
            }
            return numbers.count > 2 ? (numbers[1] - numbers[2]) * pageSize : 0
        }
    }

    /// Bytes that new work can have without swapping; nil where Linux does not say.
    package static var available: Int? {
        for line in text("/proc/meminfo").split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            return Int(line.filter(\.isNumber)).map { $0 << 10 }
        }
        return nil
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// Version 2 has one tree, and every group up to its root may have a limit; version 1 has a tree for memory.
    private static var groupLimits: [Int] {
        var files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        for line in text("/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0" {
                var group = parts[2]
                while group.count > 1, let slash = group.lastIndex(of: "/") {
                    files.append("/sys/fs/cgroup\(group)/memory.max")
                    group = group[..<slash]
                }
            } else if parts[1].split(separator: ",").contains("memory") {
                files.append("/sys/fs/cgroup/memory\(parts[2])/memory.limit_in_bytes")
            }
        }
        // Where there is no limit the file says `max`, or a number near 2^63.
        return files.compactMap { Int(text($0).prefix { $0 != "\n" }) }
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
