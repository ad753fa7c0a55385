import FoundationEssentials
import JSON
import Language
import Models
import Tensors
import Training

/// A session's values in a folder: `session.json` with the names and values, `tensors.safetensors`, and a folder for
/// each model that is not just what its file holds.
///
/// Lists and records that several names share are shared again when they are loaded, and may hold themselves: objects
/// stand in a table, and values name them by their place in it.
struct SavedSession {
    static let format = "bridge session 1"
    static let file = "session.json"
    static let tensorFile = "tensors.safetensors"

    let folder: String

    /// Whether the folder holds a saved session.
    var isThere: Bool { FileManager.default.fileExists(atPath: path(Self.file)) }

    func path(_ name: String) -> String { folder + "/" + name }
}

extension SavedSession {
    /// Writes values into the folder. What the folder held before is replaced when all is written.
    /// - Returns: the names that were left out, with what their values are.
    /// - Throws: `RuntimeError` when the folder holds something other than a saved session, or cannot be written.
    func save(_ values: [(name: String, value: Value)]) throws -> [(name: String, type: String)] {
        let manager = FileManager.default
        let exists = manager.fileExists(atPath: folder)
        guard !exists || isThere else {
            throw RuntimeError("\(folder) is there, and is not a saved session: choose another name", code: "E300")
        }
        let fresh = SavedSession(folder: folder + ".part")
        do {
            try? manager.removeItem(atPath: fresh.folder)
            try manager.createDirectory(atPath: fresh.folder, withIntermediateDirectories: false)
            let left = try fresh.write(values)
            if exists { try manager.removeItem(atPath: folder) }
            try manager.moveItem(atPath: fresh.folder, toPath: folder)
            return left
        } catch {
            try? manager.removeItem(atPath: fresh.folder)
            if error is CocoaError {
                throw RuntimeError("cannot write \(folder): \(FileFailure.reason(error))", code: "E300")
            }
            throw error
        }
    }

    private func write(_ values: [(name: String, value: Value)]) throws -> [(name: String, type: String)] {
        var table = ObjectTable(session: self)
        var names: JSONObject = [:]
        var left: [(name: String, type: String)] = []
        for (name, value) in values {
            do {
                names[name] = try table.json(value)
            } catch let error as ObjectTable.Unsaved {
                left.append((name, error.typeName))
            }
        }
        let session: JSONValue = [
            "format": .string(Self.format), "names": .object(names), "objects": .array(table.objects),
        ]
        try SafetensorsWriter.write(
            table.tensors.enumerated().map { index, tensor in
                SafetensorsWriter.Entry(name: "\(index)", shape: tensor.shape) { try tensor.floats() }
            }, to: path(Self.tensorFile))
        try TextFile.write(session.text() + "\n", to: path(Self.file))
        return left
    }
}

/// Turns values into JSON; each object is described once.
private struct ObjectTable {
    /// A value that cannot be saved.
    struct Unsaved: Error {
        let typeName: String
    }

    let session: SavedSession
    private(set) var objects: [JSONValue] = []
    private(set) var tensors: [Tensor] = []
    private var places: [ObjectIdentifier: Int] = [:]

    init(session: SavedSession) { self.session = session }

    mutating func json(_ value: Value) throws -> JSONValue {
        switch value {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(int)
        // The bits, so that NaN, infinities and -0 come back too.
        case .float(let double): return ["float": .string(String(double.bitPattern, radix: 16))]
        case .object(let text as StringObject): return .string(text.text)
        case .object(let object): return ["object": .int(try place(of: object))]
        }
    }

    private mutating func place(of object: Object) throws -> Int {
        if let place = places[ObjectIdentifier(object)] { return place }
        let before = (objects.count, tensors.count)
        let place = objects.count
        places[ObjectIdentifier(object)] = place
        objects.append(.null)
        do {
            objects[place] = try description(object, place: place)
            return place
        } catch {
            // Nothing of what cannot be saved as a whole stays.
            objects.removeSubrange(before.0...)
            tensors.removeSubrange(before.1...)
            places = places.filter { $0.value < before.0 }
            throw error
        }
    }

    private mutating func description(_ object: Object, place: Int) throws -> JSONValue {
        switch object {
        case let list as ListObject:
            return ["list": .array(try list.elements.map { try json($0) })]
        case let record as RecordObject:
            let fields = try record.pairs.map { ($0.0, try json($0.1)) }
            return ["record": .object(JSONObject(uniqueKeysWithValues: fields))]
        case let range as RangeObject:
            return ["range": [.int(range.start), .int(range.end), .int(range.step)]]
        case let tensor as TensorObject:
            tensors.append(tensor.tensor)
            return [
                "tensor": .int(tensors.count - 1), "learns": .bool(tensor.tensor.requiresGradient),
                "kind": .string("\(tensor.tensor.kind)"),
            ]
        case let model as ModelObject:
            return try description(model.model, place: place)
        default: throw Unsaved(typeName: object.typeName)
        }
    }

    /// By the place it was loaded from if it still is what lies there, else by a folder of its own.
    private func description(_ model: LanguageModel, place: Int) throws -> JSONValue {
        if let origin = model.origin, let original = try? LanguageModel.load(origin), try model.isEqual(to: original) {
            return ["model": .string(origin)]
        }
        let name = "model-\(place)"
        try ModelFolder(path: session.path(name)).save(model)
        return ["model_folder": .string(name), "name": .string(model.name)]
    }
}

extension LanguageModel {
    /// Whether both have the same weights to the last bit.
    fileprivate func isEqual(to other: LanguageModel) throws -> Bool {
        let (mine, others) = (try namedParameters(), try other.namedParameters())
        guard configuration == other.configuration, mine.count == others.count else { return false }
        return try zip(mine, others).allSatisfy {
            guard $0.name == $1.name, $0.tensor.shape == $1.tensor.shape else { return false }
            return try $0.tensor.floats() == $1.tensor.floats()
        }
    }
}
