import Language
import Tensors

// What an optimiser is made of.
extension OptimiserLibrary {
    /// A list of tensors is one group.
    static func groups(_ call: NativeCall) throws -> [ParameterGroup] {
        let items = try call.list("params").elements
        let rate = try setting(call.value("lr"), "lr", "`\(call.function.name)`")
        let groups =
            items.contains { $0.asRecord != nil }
            ? try items.enumerated().map { try group($1, "group \($0) of `params`", call, rate) }
            : [ParameterGroup(try parameters(items, "`params`"), learningRate: rate)]
        var seen = Set<ObjectIdentifier>()
        for (index, parameter) in groups.flatMap(\.parameters).enumerated() {
            guard seen.insert(ObjectIdentifier(parameter)).inserted else {
                throw RuntimeError("parameter \(index) of `params` is there twice: it would move twice", code: "E203")
            }
        }
        return groups
    }

    private static func group(
        _ item: Value, _ what: String, _ call: NativeCall, _ rate: Float
    ) throws -> ParameterGroup {
        guard let record = item.asRecord, let list = record["params"]?.asList else {
            throw RuntimeError("\(what) must be a record with a list `params`", code: "E203")
        }
        let own = ["betas", "momentum"].filter { name in call.function.parameters.contains { $0.name == name } }
        let known = ["params", "lr", "weight_decay"] + own
        for name in record.keys where !known.contains(name) {
            throw RuntimeError(
                "\(what) has no use for `\(name)`: it may have \(known.joined(separator: ", "))", code: "E203")
        }
        var group = ParameterGroup(
            try parameters(list.elements, what),
            learningRate: try record["lr"].map { try setting($0, "lr", what) } ?? rate,
            weightDecay: try record["weight_decay"].map { try setting($0, "weight_decay", what) })
        group.momentum = try record["momentum"].map { try setting($0, "momentum", what) }
        group.betas = try record["betas"].map { try betas($0, what) }
        return group
    }

    static func parameters(_ items: [Value], _ what: String) throws -> [Tensor] {
        try items.enumerated().map { index, value in
            guard let object = value.object as? TensorObject, object.tensor.requiresGradient else {
                throw RuntimeError("item \(index) of \(what) must be a tensor made by `param`", code: "E203")
            }
            return object.tensor
        }
    }

    /// A number that is neither negative nor infinite.
    static func setting(_ value: Value, _ name: String, _ what: String) throws -> Float {
        guard let number = value.asDouble else {
            throw RuntimeError("`\(name)` of \(what) must be a number, not a \(value.typeName)", code: "E203")
        }
        guard number >= 0, Float(number).isFinite else {
            throw RuntimeError("`\(name)` of \(what) is \(number), but must be 0 or more, and finite", code: "E203")
        }
        return Float(number)
    }

    static func betas(_ value: Value, _ what: String) throws -> (Float, Float) {
        let betas = try value.numbers("`betas`").map { Float($0) }
        guard betas.count == 2, betas.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
            throw RuntimeError("`betas` of \(what) must be two numbers from 0 up to, but not, 1", code: "E203")
        }
        return (betas[0], betas[1])
    }
}
