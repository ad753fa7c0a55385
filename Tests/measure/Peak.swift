import CPeak
import Foundation
import Tensors

/// What the processor can do at most: multiplications and additions on registers, no memory. By processor time, so that
/// other programs on the machine do not count.
enum Peak {
    static func gigaflops() -> Double {
        Swift.max(rate(chains: 6) { peak_chains_6($0) }, rate(chains: 12) { peak_chains_12($0) })
    }

    private static func rate(chains: Int, _ run: @Sendable (Int) -> Float) -> Double {
        let turns = 1 << 23
        let threads = ThreadPool.shared.threadCount
        let rates = (0..<7).map { _ in
            let start = clock()
            ThreadPool.shared.run(threads) { _ in _ = run(turns) }
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(threads)
            return Double(32 * chains * turns * threads) / seconds / 1e9
        }
        return rates.sorted()[rates.count / 2]
    }
}
