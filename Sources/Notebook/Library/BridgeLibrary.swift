import Language
import Models
import Tensors

/// New blocks on a model.
enum BridgeLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [attach(environment), parameterMatched(environment), off(), save(), load(), watch()]
    }

    private static var model: Parameter { Parameter("m", .object("Model"), "the model; it is left as it was") }

    private static func attach(_ environment: LibraryEnvironment) -> NativeFunction {
        let shape = [
            Parameter("heads", .int, default: .null, "attention heads across rows; 8, 4 or 2 that fit without it"),
            Parameter(
                "dim", .int, default: .null,
                "inner width of a block; without it as wide as makes about 4% new parameters"),
            Parameter("layers", .list, default: .null, "the layers after which a block stands; all without it"),
        ]
        return NativeFunction(
            name: "bridge.attach", parameters: [model] + shape, returns: "Model",
            summary: "A new model with a Bridge block after every feedforward block.",
            details: """
                The rows of a group attend to each other at every step, so that answers to one prompt are written \
                interdependently (Dong et al., arXiv 2510.01143). The output weights start at zero: before \
                training the new model does what the old one does.
                """,
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 64)
                print("{net.parameters} parameters, with {net.new_fraction:.1%} new ones")
                """,
            seeAlso: ["bridge.pmatch", "bridge.off", "warmup", "rlvr"]
        ) { call in
            let base = try call.object("m", as: ModelObject.self).model
            return .object(ModelObject(try base.attaching(try configuration(call, base), seed: environment.seed)))
        }
    }

    private static func parameterMatched(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "bridge.pmatch",
            parameters: [model, Parameter("like", .object("Model"), "a model with a Bridge")], returns: "Model",
            summary: """
                A new model with as many new parameters as another one's Bridge, in blocks that see their own row \
                only.
                """,
            details: "The control of every study: an MLP with its own norm and residual in the same places.",
            example: """
                base = model.load("tiny")
                net = bridge.attach(base, heads: 4, dim: 32)
                twin = bridge.pmatch(base, like: net)
                print(net.new_parameters, twin.new_parameters)
                """,
            seeAlso: ["bridge.attach"]
        ) { call in
            guard var blocks = try call.object("like", as: ModelObject.self).model.bridge?.configuration else {
                throw RuntimeError(
                    "the model given as `like` has no Bridge; make one with bridge.attach", code: "E205")
            }
            blocks.kind = .pmatch
            return .object(
                ModelObject(
                    try call.object("m", as: ModelObject.self).model.attaching(blocks, seed: environment.seed)))
        }
    }

    private static func off() -> NativeFunction {
        NativeFunction(
            name: "bridge.off",
            parameters: [
                Parameter("m", .object("Model"), "a model with new blocks"),
                Parameter("layers", .list, default: .null, "the layers whose blocks are left out; all without it"),
            ],
            returns: "Model",
            summary: "The same weights with the new blocks, or some of them, left out: independent rows.",
            details: "A view, not a copy: training either trains both.",
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 32)
                print(bridge.off(net).new_parameters)
                """,
            seeAlso: ["bridge.attach"]
        ) { call in
            let model = try call.object("m", as: ModelObject.self).model
            guard try call.optionalList("layers") != nil else { return .object(ModelObject(model.withoutBridge())) }
            return .object(
                ModelObject(try model.withoutBridge(layers: try call.value("layers").integers("`layers`"))))
        }
    }

    private static func save() -> NativeFunction {
        NativeFunction(
            name: "bridge.save",
            parameters: [
                Parameter("m", .object("Model"), "a model with new blocks"),
                Parameter("folder", .string, "made if it is not there"),
            ], returns: "String", summary: "Writes a model's new blocks alone to a folder that `bridge.load` reads.",
            details: "The base's weights are not in it: the blocks attach to any copy of the base.",
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 32)
                bridge.save(net, "blocks")
                again = bridge.load(model.load("tiny"), "blocks")
                """,
            seeAlso: ["bridge.load", "Model.save"]
        ) { call in
            let model = try call.object("m", as: ModelObject.self).model
            guard model.bridge != nil else {
                throw RuntimeError(
                    "the model \"\(model.name)\" has no new blocks to save; use m.save(folder)", code: "E205")
            }
            let folder = try call.string("folder")
            try ModelFolder(path: folder).saveBridge(of: model)
            return .string(folder)
        }
    }

    private static func load() -> NativeFunction {
        NativeFunction(
            name: "bridge.load",
            parameters: [
                model, Parameter("folder", .string, "where `bridge.save` or `m.save` wrote new blocks"),
                Parameter("any_base", .bool, default: .bool(false), "whether other weights of the same shape will do"),
            ],
            returns: "Model", summary: "A new model with the new blocks that a folder holds.",
            details: """
                The folder says which weights the blocks were trained with: the model must be a copy of those, unless \
                `any_base` is true.
                """,
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 32)
                bridge.save(net, "blocks")
                print(bridge.load(model.load("tiny"), "blocks").new_parameters == net.new_parameters)
                """,
            seeAlso: ["bridge.save", "bridge.attach"]
        ) { call in
            let base = try call.object("m", as: ModelObject.self).model
            let blocks = try ModelFolder(path: try call.string("folder")).loadBridge(
                for: base, anyBase: try call.bool("any_base"))
            return .object(ModelObject(try base.attaching(blocks)))
        }
    }

    private static func watch() -> NativeFunction {
        NativeFunction(
            name: "bridge.watch",
            parameters: [
                Parameter("m", .object("Model"), "a model with a Bridge"),
                Parameter(
                    "groups", .object("Groups") | .list,
                    "sampled groups, or the rows that `m.generate(width:, details: true)` gave"),
                Parameter("group", .int, default: .int(0), "which of the groups, from 0"),
            ], returns: "Record", summary: "Who attended to whom while a group was written.",
            details: """
                A record of `attention`, a tensor (layers, steps, heads, W, W) whose last two dimensions say what row \
                i took from row j; `layers`, their numbers; and `mean`, (W, W), over layers, heads and the steps at \
                which row i was alive. Prompt steps are included: there all rows are equal, and attention is even.
                """,
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 32)
                g = sample(net, task.sums(terms: 4, digits: 1), problems: 1, width: 4)
                seen = bridge.watch(net, g)
                print(seen.attention.shape)
                fig = plot.heat(seen.mean, xlabel: "row seen", ylabel: "row that sees")
                """,
            seeAlso: ["plot.heat", "sample"]
        ) { call in
            let batch = try watchedBatch(call)
            let watched = try call.object("m", as: ModelObject.self).model.bridgeAttentionWeights(batch)
            let attention = try Tensor.cat(watched.map(\.weights))  // (L, T, H, W, W)
            let total = try attention.sum([0, 1, 2])
            return .record([
                "attention": .tensor(attention), "layers": .list(watched.map { .int($0.layer) }),
                "mean": .tensor(try total / total.sum([1], keepDimensions: true)),
            ])
        }
    }

    /// The group that a call wants to see.
    private static func watchedBatch(_ call: NativeCall) throws -> TokenBatch {
        if let rows = call.value("groups").asList?.elements {
            func tokens(_ row: Value, _ name: String) throws -> [Int32] {
                guard let list = row.asRecord?[name] else {
                    throw RuntimeError(
                        "a row of `groups` has no `\(name)`; make rows with m.generate(width:, details: true)",
                        code: "E203")
                }
                return try list.integers("`\(name)`").map { Int32(clamping: $0) }
            }
            guard let first = rows.first else { throw RuntimeError("`groups` has no rows to watch", code: "E203") }
            let prompt = try tokens(first, "prompt_tokens")
            return try TokenBatch([(prompt: prompt, rows: try rows.map { try tokens($0, "tokens") })])
        }
        let groups = try call.object("groups", as: GroupsObject.self).groups
        let all = groups.problems.flatMap { problem in problem.groups.map { (prompt: problem.prompt, rows: $0) } }
        let index = try call.int("group")
        guard all.indices.contains(index) else {
            throw RuntimeError("`group` is \(index), but must be 0 to \(all.count - 1)", code: "E209")
        }
        return try TokenBatch([(prompt: all[index].prompt, rows: all[index].rows.map(\.tokens))])
    }

    private static func configuration(_ call: NativeCall, _ model: LanguageModel) throws -> BridgeConfiguration {
        let layers = try call.optionalList("layers") == nil ? nil : call.value("layers").integers("`layers`")
        guard let dim = try call.optionalInt("dim") else {
            var blocks = BridgeConfiguration.sized(of: model.configuration, layers: layers)
            if let heads = try call.optionalInt("heads") { blocks.heads = heads }
            return blocks
        }
        let heads = try call.optionalInt("heads") ?? [8, 4, 2].first { dim % $0 == 0 && dim / $0 >= 8 } ?? 1
        return BridgeConfiguration(heads: heads, dim: dim, layers: layers)
    }
}
