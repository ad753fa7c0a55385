extension GnuplotScript {
    private static let ink = "'#333333'"

    /// The title and the shared legend of a grid, as an empty plot with keys.
    mutating func draw(_ header: PageLayout.Header, on page: PageLayout) {
        setPlace(header.place, on: page)
        line("set margins 0,0,0,0")
        line("unset title; unset xlabel; unset ylabel; unset border; unset tics; unset grid; unset logscale; unset colorbox")
        let middle = GnuplotText.share(header.place.x + header.place.width / 2)
        if !header.title.isEmpty {
            let height = GnuplotText.share(header.titleHeight)
            line("set label 1 \(quoted(header.title)) at screen \(middle),\(height) center\(font(size: 14, bold: true))")
        }
        if header.legend.isEmpty {
            line("unset key")
        } else {
            let height = GnuplotText.share(header.legendHeight)
            line("set key at screen \(middle),\(height) center horizontal \(legendLook)")
        }
        line("set samples 2")
        let samples = header.legend.map { "2 \(sample($0.series.content, $0.style)) title \(quoted($0.series.name))" }
        line("plot [0:1][0:1] \(samples.isEmpty ? "2 notitle" : samples.joined(separator: ", "))")
        line("unset label 1")
    }

    /// A pair of axes with its series.
    mutating func draw(_ panel: PageLayout.Panel, on page: PageLayout) {
        let figure = panel.figure
        setPlace(panel.place, on: page)
        line("set margins -1,-1,-1,-1")
        setTitle(figure.title, isSingle: page.isSingle)
        setFrame(for: figure)
        let width = panel.place.width * page.canvas.width
        setAxis("x", figure.xAxis, hasMarks: !figure.hasBars, room: terminal.isText ? width : width / 7.5)
        setAxis("y", figure.yAxis, hasMarks: true, room: .infinity)
        let hasLegend = panel.showsLegend && !PageLayout.legend(of: figure).isEmpty
        line(hasLegend ? "set key tmargin center horizontal \(legendLook)" : "unset key")
        plot(figure, inLegend: hasLegend)
    }

    private var legendLook: String {
        terminal.isText ? "noenhanced" : "Left reverse samplen 3 spacing 1.1 noenhanced textcolor rgb \(GnuplotScript.ink)"
    }

    private func font(size: Int, bold: Bool) -> String {
        if terminal.isText { return "" }
        // The cairo terminals count points, the others pixels: 96 to 72 of them.
        let scaled = terminal == .png || terminal == .pdf ? Double(size) * 0.8 : Double(size)
        return " font '\(GnuplotTerminal.font)\(bold ? ":Bold" : ""),\(GnuplotText.share(scaled))'"
    }

    private mutating func setPlace(_ place: PageLayout.Rectangle, on page: PageLayout) {
        if page.isSingle { return }
        line("set origin \(GnuplotText.share(place.x)),\(GnuplotText.share(place.y))")
        line("set size \(GnuplotText.share(place.width)),\(GnuplotText.share(place.height))")
    }

    private mutating func setTitle(_ title: String, isSingle: Bool) {
        if title.isEmpty { return line("unset title") }
        let colour = terminal.isText ? "" : " textcolor rgb \(GnuplotScript.ink)"
        line("set title \(quoted(title)) noenhanced\(font(size: isSingle ? 14 : 12, bold: isSingle))\(colour)")
    }

    /// Border, grid and colours that all axes have.
    private mutating func setFrame(for figure: Figure) {
        line("unset logscale; unset colorbox")
        if terminal.isText {
            line("set border 3; unset grid; set bars small")
            return
        }
        if figure.hasHeat {
            line("unset border; unset grid")
            line("set palette defined (\(GnuplotScript.viridis))")
            line("set colorbox; set cbtics scale 0.4 textcolor rgb \(GnuplotScript.ink); set cblabel ''")
            return
        }
        line("set border 3 linecolor rgb '#999999' linewidth 1; set bars 0.5")
        let lines = figure.hasBars ? "noxtics ytics" : "xtics ytics"
        line("set grid \(lines) back linetype 1 linecolor rgb '#e6e6e6' linewidth 0.7")
    }

    /// Stops of the viridis palette: even steps in lightness, in colour and in grey.
    private static let viridis =
        "0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725'"

    /// - Parameter room: how many characters of tick labels fit side by side.
    private mutating func setAxis(_ name: String, _ axis: Axis, hasMarks: Bool, room: Double) {
        switch axis.scale {
        case .linear: break
        case .log2: line("set logscale \(name) 2")
        case .log10: line("set logscale \(name) 10")
        }
        let lower = axis.range.lower.map(GnuplotText.number) ?? "*"
        let upper = axis.range.upper.map(GnuplotText.number) ?? "*"
        line("set \(name)range [\(lower):\(upper)] \(axis.isReversed ? "reverse" : "noreverse")")
        let colour = terminal.isText ? "" : " textcolor rgb \(GnuplotScript.ink)"
        line(axis.label.isEmpty ? "unset \(name)label" : "set \(name)label \(quoted(axis.label)) noenhanced\(colour)")
        line("set format \(name) '%g'")
        let marks = hasMarks ? "0.5" : "0"
        var command = "set \(name)tics nomirror out scale \(marks),0 noenhanced\(colour) norotate"
        if let ticks = axis.ticks {
            let labels = ticks.map(\.label).compactMap { $0 }
            let needed = labels.reduce(0) { $0 + $1.count + 2 }
            if Double(needed) > room, !terminal.isText { command += " rotate by -30" }
            line("\(command) (\(ticks.map(tick).joined(separator: ", ")))")
        } else {
            line("\(command) autofreq")
        }
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
