extension Figure {
    /// Finds what gnuplot would stumble over, and says it in words of the figure.
    /// - Throws: `PlotError.invalidFigure`: which series or axis, and what to do.
    public func validate() throws(PlotError) {
        if !panels.isEmpty {
            guard series.isEmpty else {
                throw .invalidFigure("a figure has either series or panels: put the series into a panel of their own")
            }
            for panel in panels { try panel.validate() }
            try validateSize()
            return
        }
        guard !series.isEmpty else {
            throw .invalidFigure("the figure\(titled) has nothing to draw: give it at least one series")
        }
        try validateSize()
        for (index, item) in series.enumerated() {
            let name = item.name.isEmpty ? "series \(index + 1)\(titled)" : "the series \"\(item.name)\"\(titled)"
            if case .heat(let rows) = item.content {
                try Figure.validate(matrix: rows, called: name)
                if series.count > 1 {
                    throw .invalidFigure("a heat map fills its axes: draw the others in another panel")
                }
            } else {
                try validate(item, called: name)
            }
        }
        try validate(xAxis, called: "x axis")
        try validate(yAxis, called: "y axis")
    }

    private var titled: String { title.isEmpty ? "" : " of \"\(title)\"" }

    private func validateSize() throws(PlotError) {
        guard let size else { return }
        guard (100...10_000).contains(size.width), (100...10_000).contains(size.height) else {
            throw .invalidFigure(
                "a size of \(size.width) x \(size.height) cannot be drawn: give 100 to 10000 pixels each way")
        }
    }

    private func validate(_ axis: Axis, called name: String) throws(PlotError) {
        let lower = axis.range.lower
        let upper = axis.range.upper
        for end in [lower, upper] {
            guard let end else { continue }
            guard end.isFinite else {
                throw .invalidFigure("the range of the \(name)\(titled) has an end that is no number: leave it out")
            }
            if axis.scale != .linear, end <= 0 {
                throw .invalidFigure(
                    "the range of the \(name)\(titled) ends at \(end), which a logarithmic axis does not have: "
                        + "give an end above 0")
            }
        }
        if let lower, let upper, lower >= upper {
            throw .invalidFigure(
                "the range of the \(name)\(titled) goes from \(lower) to \(upper): make it go upwards")
        }
    }

    private func validate(_ item: Series, called name: String) throws(PlotError) {
        let columns = item.columns
        for column in columns where column.values.count != columns[0].values.count {
            throw .invalidFigure(
                "\(name) has \(columns[0].values.count) x and \(column.values.count) \(column.name) values: "
                    + "give as many of each")
        }
        if case .bars(_, _, let width) = item.content, !(width > 0 && width.isFinite) {
            throw .invalidFigure("\(name) has bars of width \(width): give a width above 0")
        }
        let drawable = columns[0].values.indices.contains { index in columns.allSatisfy { $0.values[index].isFinite } }
        guard drawable else {
            throw .invalidFigure(
                "\(name) has no point of finite numbers (\(columns[0].values.count) points in all): "
                    + "leave it out, or look where the NaN come from")
        }
        for column in columns {
            let axis = column.name == "x" ? xAxis : yAxis
            guard axis.scale != .linear else { continue }
            guard let index = column.values.firstIndex(where: { $0 <= 0 }) else { continue }
            throw .invalidFigure(
                "\(name) has \(column.values[index]) as its \(column.name) at position \(index), which a logarithmic "
                    + "axis cannot show: use a linear axis, or leave values of 0 and below out")
        }
    }

    private static func validate(matrix rows: [[Double]], called name: String) throws(PlotError) {
        let columns = rows.first?.count ?? 0
        guard columns > 0 else { throw .invalidFigure("\(name) is a matrix without cells: give it at least one") }
        for (index, row) in rows.enumerated() where row.count != columns {
            throw .invalidFigure("\(name): row \(index) has \(row.count) columns, row 0 has \(columns)")
        }
        guard rows.contains(where: { $0.contains(where: \.isFinite) }) else {
            throw .invalidFigure("\(name) is a matrix without a finite number: look where the NaN come from")
        }
    }
}
