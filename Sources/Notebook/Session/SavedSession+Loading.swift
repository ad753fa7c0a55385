import JSON
import Language
import Models
import Tensors

extension SavedSession {
    /// The values by their names, in the order of their saving.
    /// - Throws: `RuntimeError` when there is no saved session or it is damaged; then nothing is bound.
    func load() throws -> [(name: String, value: Value)] {
        let session = try description()
        guard session["format"]?.string == Self.format else {
            throw damaged("its format is \(session["format"]?.text() ?? "not named"), not \"\(Self.format)\"")
        }
        guard let names = session["names"]?.object, let objects = session["objects"]?.array else {
            throw damaged("it has no names or no objects")
        }
        let restored = try restore(objects)
        var values: [(name: String, value: Value)] = []
        for (name, json) in names { values.append((name, try value(json, restored))) }
        return values
    }

    private func description() throws -> JSONValue {
        do {
            return try JSONValue(parsing: try TextFile.read(path(Self.file)))
        } catch let error as JSONError {
            throw damaged("\(Self.file):\(error.line):\(error.column): \(error.reason)")
        }
    }

    /// Two passes, as lists and records may hold what stands behind them in the table, and themselves.
    private func restore(_ objects: [JSONValue]) throws -> [Object] {
        let tensors = try SafetensorsFile(path: path(Self.tensorFile))
        let restored = try objects.map { try shell($0, tensors) }
        for (object, json) in zip(restored, objects) {
            if let list = object as? ListObject {
                list.elements = try (json["list"]?.array ?? []).map { try value($0, restored) }
            } else if let record = object as? RecordObject {
                for (name, field) in json["record"]?.object ?? [:] { record[name] = try value(field, restored) }
            }
        }
        return restored
    }

    private func shell(_ json: JSONValue, _ tensors: SafetensorsFile) throws -> Object {
        if json["list"] != nil { return ListObject() }
        if json["record"] != nil { return RecordObject() }
        if let parts = json["range"]?.array?.compactMap(\.int), parts.count == 3, parts[2] != 0 {
            return RangeObject(start: parts[0], end: parts[1], step: parts[2])
        }
        if let number = json["tensor"]?.int { return try tensor("\(number)", json, tensors) }
        if let origin = json["model"]?.string { return ModelObject(try LanguageModel.load(origin)) }
        if let name = json["model_folder"]?.string, !name.contains("/"), name != ".." {
            let model = try LanguageModel.load(from: .folder(path(name)))
            if let name = json["name"]?.string { model.name = name }
            return ModelObject(model)
        }
        throw damaged("it holds an object of an unknown kind: \(json.text().prefix(80))")
    }

    private func tensor(_ name: String, _ json: JSONValue, _ tensors: SafetensorsFile) throws -> Object {
        guard let entry = tensors.tensors[name] else { throw damaged("\(Self.tensorFile) has no tensor \(name)") }
        let tensor = try Tensor(try tensors.floats(name), shape: entry.shape)
        tensor.requiresGradient = json["learns"]?.bool ?? false
        switch json["kind"]?.string {
        case "boolean": return TensorObject(try tensor.asAnswers())
        case "integer": return TensorObject(try tensor.asIntegers())
        default: return TensorObject(tensor)
        }
    }

    private func value(_ json: JSONValue, _ objects: [Object]) throws -> Value {
        switch json {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(int)
        case .string(let text): return .string(text)
        default: break
        }
        if let bits = json["float"]?.string.flatMap({ UInt64($0, radix: 16) }) {
            return .float(Double(bitPattern: bits))
        }
        if let place = json["object"]?.int, objects.indices.contains(place) { return .object(objects[place]) }
        throw damaged("it holds a value of an unknown kind: \(json.text().prefix(80))")
    }

    private func damaged(_ reason: String) -> RuntimeError {
        RuntimeError("the saved session \(folder) is damaged: \(reason)", code: "E300")
    }
}
