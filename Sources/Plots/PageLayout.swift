/// Where the parts of a figure go: a header (title, legend) over one pair of axes or a grid of panels, and so on
/// inwards. Lengths are shares of the canvas, from its lower left corner, as gnuplot counts.
struct PageLayout {
    struct Rectangle: Equatable {
        var x = 0.0
        var y = 0.0
        var width = 1.0
        var height = 1.0
    }

    /// A line of the legend: how its sample is drawn.
    struct LegendEntry: Equatable {
        var series: Series
        var style: SeriesStyle

        /// Same name, kind and look: the numbers do not matter for the legend.
        func agrees(with other: LegendEntry) -> Bool {
            series.name == other.series.name && style == other.style && series.kind == other.series.kind
        }
    }

    /// The strip above axes or a grid; legends are here and nowhere else, so that they never cover data.
    struct Header {
        var title: String
        /// Whether it heads the whole picture, and not one of its panels.
        var isMain: Bool
        var legend: [LegendEntry]
        var place: Rectangle
        /// Heights of the middle of the title and of the legend.
        var titleHeight: Double
        var legendHeight: Double
    }

    /// One pair of axes.
    struct Panel {
        var figure: Figure
        var place: Rectangle
    }

    private(set) var headers: [Header] = []
    private(set) var panels: [Panel] = []
    let canvas: (width: Double, height: Double)
    let isText: Bool

    init(_ figure: Figure, canvas: (width: Double, height: Double), isText: Bool) {
        self.canvas = canvas
        self.isText = isText
        place(figure, in: Rectangle(), legendIsShown: false)
    }

    /// Heights and widths of text, in the units of the canvas.
    private var lineHeight: Double { isText ? 1 : 22 }
    private var titleHeight: Double { isText ? 1 : 36 }
    private var characterWidth: Double { isText ? 1 : 8 }
    private var sampleWidth: Double { isText ? 8 : 60 }

    private mutating func place(_ figure: Figure, in place: Rectangle, legendIsShown: Bool) {
        if figure.panels.isEmpty {
            placeAxes(figure, in: place, legendIsShown: legendIsShown)
            return
        }
        let shared = legendIsShown || !figure.hasLegend ? [] : PageLayout.sharedLegend(of: figure.leaves)
        let body = placeHeader(figure.title, legend: shared, in: place)
        let width = body.width / Double(figure.gridColumns)
        let height = body.height / Double(figure.gridRows)
        for (index, panel) in figure.panels.enumerated() {
            let column = Double(index % figure.gridColumns)
            let row = Double(index / figure.gridColumns)
            let cell = Rectangle(
                x: body.x + column * width, y: body.y + body.height - (row + 1) * height, width: width, height: height)
            self.place(panel, in: cell, legendIsShown: legendIsShown || !figure.hasLegend || !shared.isEmpty)
        }
    }

    private mutating func placeAxes(_ figure: Figure, in place: Rectangle, legendIsShown: Bool) {
        let legend = figure.hasLegend && !legendIsShown ? PageLayout.legend(of: figure) : []
        if legend.isEmpty && place != Rectangle() {
            // The plain title of a panel sits over its axes, as gnuplot has it.
            panels.append(Panel(figure: figure, place: place))
        } else {
            var axes = figure
            axes.title = ""
            let body = placeHeader(figure.title, legend: legend, in: place)
            panels.append(Panel(figure: axes, place: body))
        }
    }

    /// Adds the header, if there is anything in it, and returns what is left below.
    private mutating func placeHeader(_ title: String, legend: [LegendEntry], in place: Rectangle) -> Rectangle {
        let titleUnits = title.isEmpty ? 0 : titleHeight
        let legendUnits = legend.isEmpty ? 0 : Double(legendRows(legend, width: place.width)) * lineHeight
        let gap = isText || titleUnits + legendUnits == 0 ? 0 : 6.0
        // Never more than half: a small picture with a long legend keeps its panels.
        let height = min((titleUnits + legendUnits + gap) / canvas.height, place.height / 2)
        if height == 0 { return place }
        let strip = Rectangle(x: place.x, y: place.y + place.height - height, width: place.width, height: height)
        let top = place.y + place.height
        let header = Header(
            title: title, isMain: place == Rectangle(), legend: legend, place: strip,
            titleHeight: top - (titleUnits / 2) / canvas.height,
            legendHeight: top - (titleUnits + legendUnits / 2) / canvas.height)
        headers.append(header)
        return Rectangle(x: place.x, y: place.y, width: place.width, height: place.height - height)
    }

    private func legendRows(_ legend: [LegendEntry], width: Double) -> Int {
        let longest = legend.map(\.series.name.count).max() ?? 0
        let entry = Double(longest) * characterWidth + sampleWidth
        let perRow = max(Int(canvas.width * width / entry), 1)
        return (legend.count + perRow - 1) / perRow
    }

    /// The legend that all panels can share: that of a panel which lists everything that the others do, alike. Empty if
    /// there is no such panel, or nothing to share.
    private static func sharedLegend(of leaves: [Figure]) -> [LegendEntry] {
        let legends = leaves.filter(\.hasLegend).map(legend).filter { !$0.isEmpty }
        guard legends.count > 1, let fullest = legends.max(by: { $0.count < $1.count }) else { return [] }
        let isCommon = legends.joined().allSatisfy { entry in fullest.contains { $0.agrees(with: entry) } }
        return isCommon ? fullest : []
    }

    /// What a figure's own series put into a legend.
    static func legend(of figure: Figure) -> [LegendEntry] {
        figure.styledSeries.filter { $0.series.isInLegend && !$0.series.name.isEmpty }.map {
            LegendEntry(series: $0.series, style: $0.style)
        }
    }
}
