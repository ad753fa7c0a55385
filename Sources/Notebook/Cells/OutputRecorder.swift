import Language
import Plots

/// Collects what a cell gives while it runs.
public final class OutputRecorder {
    /// Bytes of printed text that are kept of one cell: its beginning and its end.
    public static let textLimit = 1 << 20
    /// Values that are kept of one cell.
    public static let valueLimit = 500
    /// Rows that are kept of a table.
    public static let rowLimit = 200
    /// Columns that values are laid out for.
    public static let width = 100

    private var outputs: [CellOutput] = []
    private var pending = ""
    private var textBytes = 0
    private var valueCount = 0
    private var isSuspended = false

    public init() {}

    /// Keeps printed text.
    func print(_ text: String) {
        guard !isSuspended else { return }
        textBytes += text.utf8.count
        pending += text
        // The end of the text is cut now and then, so that a cell that prints without end needs no more memory.
        if pending.utf8.count > 4 * Self.textLimit { pending = Self.shortened(pending) }
    }

    /// Keeps a value that is shown.
    func show(_ value: Value, isResult: Bool) {
        flush()
        valueCount += 1
        if valueCount <= Self.valueLimit {
            outputs.append(.value(Self.shown(value), isResult: isResult))
        } else if valueCount == Self.valueLimit + 1 {
            outputs.append(.text("... more than \(Self.valueLimit) values were shown; the others are left out\n"))
        }
    }

    func fail(_ failure: CellFailure) {
        flush()
        outputs.append(.failure(failure))
    }

    /// Runs a body whose printing is not kept.
    func suspended<R>(_ body: () throws -> R) rethrows -> R {
        let before = isSuspended
        isSuspended = true
        defer { isSuspended = before }
        return try body()
    }

    /// Everything so far.
    func finish() -> [CellOutput] {
        flush()
        return outputs
    }

    private func flush() {
        let text = Self.shortened(TerminalText.plain(pending))
        pending = ""
        guard !text.isEmpty else { return }
        if case .text(let before)? = outputs.last {
            outputs[outputs.count - 1] = .text(Self.shortened(before + text))
        } else {
            outputs.append(.text(text))
        }
    }

    /// Text that is too long loses its middle, at the ends of lines where there are some.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        let half = textLimit / 2
        let head = String(decoding: text.utf8.prefix(half), as: UTF8.self)
        let tail = String(decoding: text.utf8.suffix(half), as: UTF8.self)
        return head + "\n... \(text.utf8.count - 2 * half) bytes are left out ...\n" + tail
    }

    private static func shown(_ value: Value) -> ShownValue {
        if let object = value.object as? FigureObject {
            do throws(PlotError) {
                let plots = object.environment.plots
                var value = ShownValue(text: object.name, svg: try plots.svg(object.figure))
                value.narrowSVG = try plots.svg(object.figure.narrow)
                value.hasColourScale = object.figure.hasColourScale
                return value
            } catch {
                return ShownValue(text: "\(object.name), not drawn: \(error.message)")
            }
        }
        if let object = value.object as? any Summarised {
            return ShownValue(text: object.summary(columns: width, hasUnicode: true))
        }
        let text = Printer.layout(value, budget: PrintBudget(width: width))
        return ShownValue(text: TerminalText.plain(text), table: Table(value, rowLimit: rowLimit))
    }
}
