import Interruption

/// Why a figure was not drawn, and what to do about it. Nothing else is lost: the session and the figure stay usable.
public enum PlotError: Error, Equatable, Sendable {
    /// The figure itself cannot be drawn: which series or axis, and what to change. Found before gnuplot is asked.
    case invalidFigure(String)
    /// gnuplot could not be started.
    case gnuplotMissing(String)
    /// gnuplot refused the script, stopped, or took too long; holds its own words.
    case gnuplotFailed(String)
    /// The picture could not be written, or its file name has an extension that is not known.
    case output(String)
    /// Somebody asked to stop.
    case interrupted

    /// For people: what is wrong, where, and what to do.
    public var message: String {
        switch self {
        case .invalidFigure(let text), .gnuplotMissing(let text), .gnuplotFailed(let text), .output(let text): text
        case .interrupted: "interrupted"
        }
    }
}

extension PlotError {
    /// - Throws: `interrupted` if somebody asked to stop.
    static func checkInterruption() throws(PlotError) {
        if Interruption.isRequested { throw .interrupted }
    }
}

extension PlotError: CustomStringConvertible {
    public var description: String { message }
}
