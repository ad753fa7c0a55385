// Times operations inside the process, one request a line: `scripts/dev/bench tensors` drives it in turn with PyTorch.
//
//     names                 prints the names of all cases
//     NAME REPEATS          prints the milliseconds that so many runs take: on the clock, and of the processor
//     peak NAME             prints the most mebibytes that tensors held at once during one run, and the process so far
//     parse FILE            prints the same times for reading a script: cutting it into tokens and parsing them
//     limit                 prints the GFLOP/s of multiply-and-add on registers alone, all threads together
import Foundation
import Language
import Tensors

/// The case that is ready to run: one at a time, so that the memory of others is free.
struct Server {
    private var prepared: (name: String, body: () throws -> Void)?

    mutating func answer(_ words: [String]) throws -> String {
        if words == ["names"] { return Cases.all.keys.sorted().joined(separator: " ") }
        if words == ["limit"] { return "\(Peak.gigaflops())" }
        if words.count == 2, words[0] == "parse" {
            let text = try String(contentsOfFile: words[1], encoding: .utf8)
            let interpreter = Interpreter()
            return times { _ = interpreter.isComplete(text) }
        }
        guard words.count == 2, let name = words.first(where: { Cases.all[$0] != nil }) else { return "unknown" }
        let body = try prepare(name)
        if words[0] == "peak" {
            BufferPool.drain()
            try body()
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return "\(BufferPool.peakBytes >> 20) \(usage.ru_maxrss >> 10)"
        }
        let repeats = Int(words[1]) ?? 1
        return try times { for _ in 0..<repeats { try body() } }
    }

    /// The milliseconds that a run takes: on the clock, and of the processor.
    private func times(_ run: () throws -> Void) rethrows -> String {
        let used = clock()
        let time = try ContinuousClock().measure(run)
        return "\(time / .milliseconds(1)) \(Double(clock() - used) * 1000 / Double(CLOCKS_PER_SEC))"
    }

    private mutating func prepare(_ name: String) throws -> () throws -> Void {
        if let prepared, prepared.name == name { return prepared.body }
        prepared = nil
        BufferPool.drain()
        guard let make = Cases.all[name] else { return {} }
        let body = try make()
        prepared = (name, body)
        return body
    }
}

var server = Server()
while let line = readLine() {
    do {
        print(try server.answer(line.split(separator: " ").map(String.init)))
    } catch {
        print("failed: \(error)")
    }
    fflush(nil)
}
