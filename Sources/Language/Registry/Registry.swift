/// All the library's functions, by name. Help, completion, the generated reference, argument checking and error hints
/// read it.
public final class Registry {
    /// One for all records with the same names in the same order, wherever a script writes them.
    private var layouts: [[String]: RecordLayout] = [:]
    /// In the order they were added.
    public private(set) var functions: [NativeFunction] = []
    private var indices: [String: Int] = [:]
    private var objects: [String: NativeFunctionObject] = [:]
    private var namespaceObjects: [String: NamespaceObject] = [:]
    /// Named values such as `pi`.
    public private(set) var constants: [String: Value] = [:]

    /// What a name stands for where the script has not bound it.
    private var globals: [String: Value] = [:]
    private var types: [String: NativeType] = [:]

    /// - Parameter withCore: whether to start with the core library.
    public init(withCore: Bool = true) {
        if withCore { CoreLibrary.register(in: self) }
    }

    /// Adds a function, or replaces the one of that name.
    public func add(_ function: NativeFunction) {
        let object = NativeFunctionObject(function)
        if let index = indices[function.name] {
            functions[index] = function
        } else {
            indices[function.name] = functions.count
            functions.append(function)
        }
        objects[function.name] = object
        methodsByName = nil
        if let namespace = function.namespace, !function.isMethod {
            let members = namespaceObjects[namespace] ?? NamespaceObject(name: namespace)
            members.define(function.shortName, .object(object))
            namespaceObjects[namespace] = members
            noteGlobal(namespace)
        }
        noteGlobal(function.name)
    }

    /// - Parameter topic: what `help()` lists them under.
    public func add(_ functions: [NativeFunction], topic: String? = nil) {
        let new = functions.map(\.name).filter { indices[$0] == nil }
        functions.forEach(add)
        guard let topic else { return }
        if let place = topics.firstIndex(where: { $0.title == topic }) {
            topics[place].names += new
        } else {
            topics.append((topic, new))
        }
    }

    /// The functions' names by what they are for.
    public private(set) var topics: [(title: String, names: [String])] = []

    /// Describes a type of values, so that scripts are checked before they run.
    public func add(type: NativeType) { types[type.name] = type }

    /// `Model`, `Groups`
    public func type(named name: String) -> NativeType? { types[name] }

    /// The names of the types that are described, sorted.
    public var typeNames: [String] { types.keys.sorted() }

    /// Names a value that every script sees, such as `pi`; a script may bind the name anew.
    public func define(constant name: String, _ value: Value) {
        constants[name] = value
        noteGlobal(name)
    }

    /// The fields of a native type; `nil` where nothing is known of it.
    public func fields(of typeName: String) -> [TypeField]? { types[typeName]?.fields }

    /// `len`, `model.load`, `Tensor.reshape`
    public func function(named name: String) -> NativeFunction? { indices[name].map { functions[$0] } }

    /// The method of a native type; `nil` where it has none of that name.
    public func method(_ name: String, of typeName: String) -> NativeFunction? {
        function(named: "\(typeName).\(name)")
    }

    /// The short names of a native type's methods.
    public func methods(of typeName: String) -> [String] { shortNames(in: typeName) }

    /// The namespaces' names, sorted.
    public var namespaces: [String] { namespaceObjects.keys.sorted() }

    /// The short names of a namespace's functions, in the order they were added.
    public func members(of namespace: String) -> [String] { shortNames(in: namespace) }

    /// Everything a script sees without binding it: functions, namespaces, constants; sorted.
    public var globalNames: [String] {
        let plain = functions.filter { $0.namespace == nil }.map(\.name)
        return (plain + namespaces + constants.keys).sorted()
    }

    func builtin(_ name: String) -> Value? { globals[name] }

    /// Constants come before namespaces, and those before functions.
    private func noteGlobal(_ name: String) {
        if let constant = constants[name] {
            globals[name] = constant
        } else if let namespace = namespaceObjects[name] {
            globals[name] = .object(namespace)
        } else if let object = objects[name], object.function.namespace == nil {
            globals[name] = .object(object)
        }
    }

    func layout(of names: [String]) -> RecordLayout {
        if let layout = layouts[names] { return layout }
        let layout = RecordLayout(shared: names)
        layouts[names] = layout
        return layout
    }

    func methodObject(_ name: String, of typeName: String) -> NativeFunctionObject? { objects["\(typeName).\(name)"] }

    /// Whether some native type has a method of that name; such functions pass their subject's method its arguments.
    func methods(named name: String) -> [NativeFunction] {
        if let methodsByName { return methodsByName[name] ?? [] }
        let all = Dictionary(grouping: functions.filter(\.isMethod), by: \.shortName)
        methodsByName = all
        return all[name] ?? []
    }

    private var methodsByName: [String: [NativeFunction]]?

    private func shortNames(in namespace: String) -> [String] {
        functions.filter { $0.namespace == namespace }.map(\.shortName)
    }
}
