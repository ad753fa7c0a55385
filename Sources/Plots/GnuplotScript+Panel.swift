extension GnuplotScript {
    private static let ink = "'#333333'"

    /// A title and a legend, as an empty plot with keys.
    mutating func draw(_ header: PageLayout.Header) {
        setPlace(header.place)
        line("set margins 0,0,0,0")
        line(
            "unset title; unset xlabel; unset ylabel; unset border; unset tics; unset grid; unset logscale; "
                + "unset colorbox")
        let middle = GnuplotText.share(header.place.x + header.place.width / 2)
        if !header.title.isEmpty {
            let height = GnuplotText.share(header.titleHeight)
            let look = font(size: header.isMain ? 14 : 12, bold: header.isMain) + textColour
            line("set label 1 \(quoted(header.title)) at screen \(middle),\(height) center noenhanced\(look)")
        }
        if header.legend.isEmpty {
            line("unset key")
        } else {
            let height = GnuplotText.share(header.legendHeight)
            line("set key at screen \(middle),\(height) center horizontal \(legendLook)")
        }
        line("set samples 2")
        let samples = header.legend.map { "NaN \(sample($0.series.content, $0.style)) title \(quoted($0.series.name))" }
        line("plot [0:1][0:1] \(samples.isEmpty ? "NaN notitle" : samples.joined(separator: ", "))")
        line("unset label 1")
    }

    /// A pair of axes with its series.
    /// - Parameter width: in pixels, or in characters.
    mutating func draw(_ panel: PageLayout.Panel, width: Double) throws(PlotError) {
        // A script that stands alone keeps all its numbers.
        var figure = recordFolder == nil ? panel.figure : panel.figure.thinned(width: Int(width))
        if terminal.isText, !figure.yAxis.label.isEmpty {
            // Characters cannot be turned on their side: the label goes above the axis.
            figure.title += (figure.title.isEmpty ? "" : ": ") + figure.yAxis.label
            figure.yAxis.label = ""
        }
        setPlace(panel.place)
        line("set margins -1,-1,-1,-1; unset key")
        setTitle(figure.title)
        setFrame(for: figure)
        setAxis("x", figure.xAxis, hasMarks: !figure.hasBars, room: terminal.isText ? width : width / 7.5)
        setAxis("y", figure.yAxis, hasMarks: true, room: .infinity)
        try plot(figure)
    }

    private var legendLook: String {
        "Left reverse noenhanced" + (terminal.isText ? " samplen 1 width 1" : " samplen 3 width 2 spacing 1.1")
            + textColour
    }

    private var textColour: String { terminal.isText ? "" : " textcolor rgb \(GnuplotScript.ink)" }

    private func font(size: Int, bold: Bool) -> String {
        if terminal.isText { return "" }
        // The cairo terminals count points, the others pixels: 96 to 72 of them.
        let scaled = terminal == .png || terminal == .pdf ? Double(size) * 0.8 : Double(size)
        return " font '\(GnuplotTerminal.font)\(bold ? ":Bold" : ""),\(GnuplotText.share(scaled))'"
    }

    private mutating func setPlace(_ place: PageLayout.Rectangle) {
        line("set origin \(GnuplotText.share(place.x)),\(GnuplotText.share(place.y))")
        line("set size \(GnuplotText.share(place.width)),\(GnuplotText.share(place.height))")
    }

    private mutating func setTitle(_ title: String) {
        if title.isEmpty { return line("unset title") }
        line("set title \(quoted(title)) noenhanced\(font(size: 12, bold: false))\(textColour)")
    }

    /// Border, grid and colours that all axes have.
    private mutating func setFrame(for figure: Figure) {
        line("unset logscale; unset colorbox")
        if terminal.isText {
            line("set border 3; unset grid")
            return
        }
        if figure.hasHeat {
            line("unset border; unset grid")
            line("set palette defined (\(GnuplotScript.viridis))")
            line("set colorbox noborder; set cbtics scale 0\(textColour); unset cblabel")
            return
        }
        line("set border 3 linecolor rgb '#999999' linewidth 1")
        let lines = figure.hasBars ? "noxtics ytics" : "xtics ytics"
        line("set grid \(lines) back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7")
    }

    private static let viridis = Palette.viridisStops.enumerated().map { index, rgb in
        "\(index) '\(SeriesStyle.Colour(rgb).hexadecimal)'"
    }.joined(separator: ", ")

    /// - Parameter room: how many characters of tick labels fit side by side.
    private mutating func setAxis(_ name: String, _ axis: Axis, hasMarks: Bool, room: Double) {
        switch axis.scale {
        case .linear: break
        case .log2: line("set logscale \(name) 2")
        case .log10: line("set logscale \(name) 10")
        }
        line("set \(name)range \(range(of: axis))")
        line(
            axis.label.isEmpty ? "unset \(name)label" : "set \(name)label \(quoted(axis.label)) noenhanced\(textColour)"
        )
        line("set format \(name) '%g'")
        let marks = hasMarks ? "0.5" : "0"
        var command = "set \(name)tics nomirror out scale \(marks),0 noenhanced\(textColour) norotate"
        if let ticks = axis.ticks {
            let labels = ticks.map(\.label).compactMap { $0 }
            let needed = labels.reduce(0) { $0 + $1.count + 2 }
            if Double(needed) > room, !terminal.isText { command += " rotate by -30" }
            line("\(command) (\(ticks.map(tick).joined(separator: ", ")))")
        } else {
            line("\(command) autofreq")
        }
    }

    private func range(of axis: Axis) -> String {
        let lower = axis.range.lower.map(GnuplotText.number) ?? "*"
        let upper = axis.range.upper.map(GnuplotText.number) ?? "*"
        // gnuplot's `reverse` is for ends that follow the data; given ends are written in their order.
        if axis.isReversed, lower != "*", upper != "*" { return "[\(upper):\(lower)] noreverse" }
        return "[\(lower):\(upper)] \(axis.isReversed ? "reverse" : "noreverse")"
    }

    private func tick(_ tick: Axis.Tick) -> String {
        let position = GnuplotText.number(tick.position)
        guard let label = tick.label else { return position }
        return GnuplotText.quotedTick(terminal.allowsUnicode ? label : GnuplotText.ascii(label)) + " " + position
    }
}

extension Figure {
    var hasBars: Bool { series.contains { if case .bars = $0.content { true } else { false } } }
    var hasHeat: Bool { series.contains { if case .heat = $0.content { true } else { false } } }
}
