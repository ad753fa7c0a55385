/// A picture as a value: what is drawn, not how. `GnuplotSession` draws it; `script()` and `data()` show what would be
/// drawn. A figure has either series (one pair of axes) or panels (a grid of figures, row by row).
public struct Figure: Equatable, Sendable {
    /// Width and height in pixels of an SVG; a PNG has twice as many each way, a PDF has 96 of them to the inch.
    public struct Size: Equatable, Sendable {
        public var width: Int
        public var height: Int

        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    public var title: String
    public var xAxis: Axis
    public var yAxis: Axis
    public var series: [Series]
    /// Whether named series are listed above the axes. Panels that agree share one list above all of them.
    public var hasLegend: Bool
    public var panels: [Figure]
    /// Panels in a row; nil chooses by their number.
    public var columns: Int?
    /// nil chooses by the number of panels.
    public var size: Size?

    public init(
        title: String = "", xAxis: Axis = Axis(), yAxis: Axis = Axis(), series: [Series] = [], hasLegend: Bool = true,
        size: Size? = nil
    ) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.series = series
        self.hasLegend = hasLegend
        self.panels = []
        self.columns = nil
        self.size = size
    }
}

extension Figure {
    /// Several figures in one picture, row by row.
    /// - Parameter columns: figures in a row, 1 or more; nil: up to three in one row, four as two by two, else threes.
    public static func grid(_ panels: [Figure], columns: Int? = nil, title: String = "", size: Size? = nil) -> Figure {
        var figure = Figure(title: title, size: size)
        figure.panels = panels
        figure.columns = columns
        return figure
    }

    /// Panels in a row, 1 or more.
    public var gridColumns: Int {
        if let columns { return min(max(columns, 1), max(panels.count, 1)) }
        return panels.count == 4 ? 2 : min(max(panels.count, 1), 3)
    }

    /// Rows of panels, 1 or more.
    public var gridRows: Int { max((panels.count + gridColumns - 1) / gridColumns, 1) }

    /// The size given, or one that leaves each panel room.
    public var drawnSize: Size {
        if let size { return size }
        if panels.isEmpty { return Size(width: 720, height: 450) }
        return Size(width: min(460 * gridColumns, 1400), height: 70 + 330 * gridRows)
    }

    /// The figure for a screen as narrow as a phone's: panels below each other, letters as large as in the wide one.
    public var narrow: Figure {
        var figure = self
        let width = 400
        if panels.isEmpty {
            figure.size = Size(width: width, height: min(max(width * drawnSize.height / drawnSize.width, 300), 10_000))
        } else {
            figure.panels = panels.map { $0.panels.isEmpty ? $0 : $0.narrow }
            figure.columns = 1
            figure.size = Size(width: width, height: min(70 + 300 * leaves.count, 10_000))
        }
        return figure
    }

    /// Whether colours stand for numbers somewhere in it.
    public var hasColourScale: Bool { leaves.contains(where: \.hasHeat) }

    /// The series with a style each: its own, or the next of the palette.
    var styledSeries: [(series: Series, style: SeriesStyle)] {
        var next = 0
        return series.map { series in
            if let style = series.style { return (series, style) }
            defer { next += 1 }
            return (series, Palette.style(next))
        }
    }
}
