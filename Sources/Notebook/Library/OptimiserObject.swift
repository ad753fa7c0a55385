import Language
import Tensors

/// An optimiser in a script's hands.
final class OptimiserObject: NativeObject {
    let name: String
    let optimiser: any Optimiser

    init(_ name: String, _ optimiser: any Optimiser) {
        self.name = name
        self.optimiser = optimiser
    }

    override var typeName: String { "Optimiser" }
    override func describe(_ budget: inout PrintBudget) -> String { "<Optimiser \(name)>" }

    override class var fields: [TypeField] {
        [TypeField("lr", "Float", "the learning rate of its first group; setting it sets that of all")]
    }

    override func member(_ name: String) throws -> Value? {
        guard name == "lr" else { return nil }
        return .float(Double(optimiser.groups.first?.learningRate ?? 0))
    }

    override func setMember(_ name: String, _ value: Value) throws -> Bool {
        guard name == "lr" else { return false }
        let rate = try OptimiserLibrary.setting(value, "lr", "an Optimiser")
        for index in optimiser.groups.indices { optimiser.groups[index].learningRate = rate }
        return true
    }

    /// `{steps: 3, memory: [{first: Tensor, second: Tensor, steps: 3}, ...], lr: [0.1]}`
    func state() throws -> Value {
        let memory = try optimiser.memory.map { tensors in
            var record: [(String, Value)] = []
            for name in tensors.keys.sorted() { record.append((name, try saved(tensors[name]!))) }
            return Value.object(RecordObject(record))
        }
        let rates = optimiser.groups.map { Value.float(Double($0.learningRate)) }
        return .record(["steps": .int(optimiser.steps), "memory": .list(memory), "lr": .list(rates)])
    }

    /// A copy; of a single number the number.
    private func saved(_ tensor: Tensor) throws -> Value {
        guard tensor.rank == 0 else { return .tensor(try tensor.copy()) }
        return .int(Int(try tensor.item()))
    }

    func load(_ state: Value) throws {
        guard let record = state.asRecord, let steps = record["steps"]?.asInt, steps >= 0,
            let memory = record["memory"]?.asList
        else { throw RuntimeError("the state must be a record that `state` gave", code: "E203") }
        let rates = try record["lr"]?.asList?.elements.map { try OptimiserLibrary.setting($0, "lr", "the state") }
        guard rates == nil || rates?.count == optimiser.groups.count else {
            throw RuntimeError(
                "the state is of \(rates?.count ?? 0) groups, not \(optimiser.groups.count)", code: "E203")
        }
        try optimiser.restore(
            steps: steps,
            memory: try memory.elements.map { item in
                guard let tensors = item.asRecord else {
                    throw RuntimeError("the state must be a record that `state` gave", code: "E203")
                }
                var result: [String: Tensor] = [:]
                for name in tensors.keys { result[name] = try tensors[name]!.tensor("`\(name)` of the state") }
                return result
            })
        for (index, rate) in (rates ?? []).enumerated() { optimiser.groups[index].learningRate = rate }
    }
}
