import CPeak
import Foundation
import Tensors

/// What the processor can do at most: multiplications and additions on registers, no memory. By processor time, so that
/// other programs on the machine do not count.
enum Peak {
    static func gigaflops() -> Double {
        let turns = 1 << 22
        let threads = ThreadPool.shared.threadCount
        let rates = (0..<7).map { _ in
            let start = clock()
            ThreadPool.shared.run(threads) { _ in _ = peak_chains(turns) }
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(threads)
            return Double(384 * turns * threads) / seconds / 1e9
        }
        return rates.max() ?? 0
    }
}
