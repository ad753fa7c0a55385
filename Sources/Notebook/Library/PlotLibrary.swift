import Language
import Plots

/// Figures. The functions make values; nothing is drawn before a figure is saved or shown.
enum PlotLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        basic(environment) + studies(environment) + methods()
    }

    /// What most figures take.
    static var labels: [Parameter] {
        [
            Parameter("title", .string, default: .string(""), "above the axes"),
            Parameter("xlabel", .string, default: .string(""), "below the x axis"),
            Parameter("ylabel", .string, default: .string(""), "beside the y axis"),
        ]
    }

    static var logAxes: Parameter {
        Parameter("log", .string, default: .string(""), "axes with a logarithmic scale: \"x\", \"y\" or \"xy\"")
    }

    static func axes(_ call: NativeCall, hasLog: Bool = true) throws -> (x: Axis, y: Axis) {
        let log = hasLog ? try call.string("log") : ""
        guard ["", "x", "y", "xy"].contains(log) else {
            throw RuntimeError("`log` must be \"x\", \"y\" or \"xy\", not \"\(log)\"", code: "E203")
        }
        return (
            Axis(try call.string("xlabel"), scale: log.contains("x") ? .log10 : .linear),
            Axis(try call.string("ylabel"), scale: log.contains("y") ? .log10 : .linear)
        )
    }

    private static func basic(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [
            line(environment), scatter(environment), bar(environment), histogram(environment), heat(environment),
            grid(environment),
        ]
    }

    private static func line(_ environment: LibraryEnvironment) -> NativeFunction {
        let series = Parameter("data", .any, "numbers, or a record of named lists of numbers")
        let x = Parameter("x", .any, default: .null, "the positions, the same for all series; 0, 1, 2, ... without it")
        return NativeFunction(
            name: "plot.line", parameters: [series, x] + labels + [logAxes], returns: "Figure",
            summary: "Lines through points.",
            example: """
                fig = plot.line({loss: [2.0, 1.2, 0.9], reward: [0.1, 0.4, 0.5]}, xlabel: "step")
                print(len(fig.data()))
                """,
            seeAlso: ["plot.scatter", "plot.training"]
        ) { call in
            let positions = try call.value("x").isNull ? nil : call.value("x").numbers("`x`")
            let (xAxis, yAxis) = try axes(call)
            let lines = try call.value("data").named(orSingle: "").map { name, value in
                (name: name, x: positions, y: try value.numbers(name.isEmpty ? "`data`" : "`\(name)`"))
            }
            return figure(
                .line(lines, title: try call.string("title"), xAxis: xAxis, yAxis: yAxis), environment)
        }
    }

    private static func scatter(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.scatter",
            parameters: [
                Parameter("x", .any, "numbers"),
                Parameter("y", .any, "as many numbers, or a record of named lists of them"),
            ] + labels + [logAxes],
            returns: "Figure", summary: "Single points.",
            example: "fig = plot.scatter([1, 2, 3], [2.1, 3.9, 6.2], xlabel: \"width\")",
            seeAlso: ["plot.line"]
        ) { call in
            let positions = try call.value("x").numbers("`x`")
            let (xAxis, yAxis) = try axes(call)
            let points = try call.value("y").named(orSingle: "").map { name, value in
                (name: name, x: positions, y: try value.numbers(name.isEmpty ? "`y`" : "`\(name)`"))
            }
            return figure(
                .scatter(points, title: try call.string("title"), xAxis: xAxis, yAxis: yAxis), environment)
        }
    }

    private static func bar(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.bar",
            parameters: [
                Parameter("data", .record, "a number for each category, or for each series a record of them")
            ] + labels, returns: "Figure",
            summary: "Bars, in groups where there are several series.",
            example:
                "fig = plot.bar({base: {accuracy: 0.4, coverage: 0.8}, bridge: {accuracy: 0.6, coverage: 0.9}})",
            seeAlso: ["plot.hist"]
        ) { call in
            let (xAxis, yAxis) = try axes(call, hasLog: false)
            let (categories, series) = try bars(try call.record("data"))
            return figure(
                .bar(categories: categories, series, title: try call.string("title"), xAxis: xAxis, yAxis: yAxis),
                environment)
        }
    }

    private static func histogram(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.hist",
            parameters: [
                Parameter("values", .any, "numbers"),
                Parameter("bins", .int, default: .null, "intervals; the square root of the count without it"),
            ] + labels,
            returns: "Figure", summary: "How often values fall into each of some intervals.",
            example: "fig = plot.hist([1, 2, 2, 3, 3, 3, 4], bins: 4)", seeAlso: ["plot.bar"]
        ) { call in
            let (xAxis, yAxis) = try axes(call, hasLog: false)
            return figure(
                .histogram(
                    try call.value("values").numbers("`values`"), bins: try call.optionalCount("bins"),
                    title: try call.string("title"),
                    xAxis: xAxis, yAxis: yAxis.label.isEmpty ? Axis("count") : yAxis), environment)
        }
    }

    private static func heat(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.heat",
            parameters: [Parameter("matrix", .any, "a list of rows, or a tensor (rows, columns)")] + labels,
            returns: "Figure",
            summary: "A matrix as colours, row 0 at the top.",
            example: "fig = plot.heat([[1, 0], [0.2, 0.8]], xlabel: \"to\", ylabel: \"from\")",
            seeAlso: ["plot.grid", "bridge.watch"]
        ) { call in
            let (xAxis, yAxis) = try axes(call, hasLog: false)
            let rows = try call.elements("matrix").enumerated().map { try $1.numbers("row \($0) of `matrix`") }
            return figure(.heat(rows, title: try call.string("title"), xAxis: xAxis, yAxis: yAxis), environment)
        }
    }

    private static func grid(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.grid",
            parameters: [
                Parameter("figures", .list, "figures, row by row"),
                Parameter("columns", .int, default: .null, "figures in a row"), labels[0],
            ],
            returns: "Figure", summary: "Several figures in one picture.",
            example: "fig = plot.grid([plot.line([1, 2, 4]), plot.hist([1, 2, 2, 3])], columns: 2)",
            seeAlso: ["plot.line"]
        ) { call in
            let figures = try call.list("figures").elements.enumerated().map { index, value in
                guard let object = value.object as? FigureObject else {
                    throw RuntimeError(
                        "item \(index) of `figures` must be a Figure, not \(value.typeInWords)", code: "E203")
                }
                return object.figure
            }
            return figure(
                .grid(figures, columns: try call.optionalCount("columns"), title: try call.string("title")),
                environment)
        }
    }

    /// Categories and series of `{a: 1, b: 2}` (one series) or `{series: {a: 1, b: 2}, ...}`.
    private static func bars(
        _ data: RecordObject
    ) throws -> ([String], [(name: String, values: [Double], interval: (low: [Double], high: [Double])?)]) {
        guard data.values.contains(where: { $0.asRecord != nil }) else {
            return (data.keys, [(name: "", values: try data.pairs.map { try $1.number("`\($0)`") }, interval: nil)])
        }
        let categories = data.values.first?.asRecord?.keys ?? []
        return (
            categories,
            try data.pairs.map { name, value in
                (name: name, values: try categories.map { try value.numberField($0, of: "`\(name)`") }, interval: nil)
            }
        )
    }

    static func figure(_ figure: Figure, _ environment: LibraryEnvironment) -> Value {
        .object(FigureObject(figure, environment: environment))
    }

    private static func methods() -> [NativeFunction] {
        [
            NativeFunction(
                name: "Figure.save", parameters: [Parameter("path", .string, "ends in .svg, .png, .pdf, .txt or .gp")],
                returns: "String",
                summary: "Draws the figure into a file and gives its path.",
                details: """
                    The file is written under a temporary name and renamed. `.gp` is the gnuplot script with its \
                    data; `.txt` is drawn with characters.
                    """,
                example: "path = plot.line([1, 2, 4]).save(\"growth.svg\")\nprint(path)", seeAlso: ["plot.line"]
            ) { call in
                let object = try call.receiver(as: FigureObject.self)
                let path = try call.string("path")
                try object.save(to: path)
                return .string(path)
            },
            NativeFunction(
                name: "Figure.script", returns: "String",
                summary: "The gnuplot script that draws the figure, with its data.",
                example: "print(len(plot.line([1, 2, 4]).script()) > 0)", seeAlso: ["Figure.data"]
            ) { call in .string(try call.receiver(as: FigureObject.self).script()) },
            NativeFunction(
                name: "Figure.data", returns: "List", summary: "Every number of the figure, a record a point.",
                example: "print(plot.line([1, 2, 4]).data())", seeAlso: ["Figure.script", "write_csv"]
            ) { call in
                .list(try call.receiver(as: FigureObject.self).rows())
            },
        ]
    }
}
