/// What a chat template is made of, as far as templates for conversations use Jinja.
indirect enum TemplateNode {
    case text(String)
    case output(TemplateExpression)
    case condition([(test: TemplateExpression, body: [TemplateNode])], otherwise: [TemplateNode])
    case loop(TemplateLoop)
    /// `{% set name = ... %}` or, with an attribute, `{% set name.attribute = ... %}`.
    case set(name: String, attribute: String?, TemplateExpression)
    case capture(name: String, [TemplateNode])
    case macro(name: String, TemplateMacro)
    case exit(TemplateExit)
}

enum TemplateExit: Error { case next, end }

struct TemplateLoop {
    let names: [String]
    let over: TemplateExpression
    let filter: TemplateExpression?
    let body: [TemplateNode]
    /// What is rendered where there is nothing to run over.
    let otherwise: [TemplateNode]
}

struct TemplateMacro {
    let parameters: [(name: String, preset: TemplateExpression?)]
    let body: [TemplateNode]
}

indirect enum TemplateExpression {
    case literal(TemplateValue)
    case name(String, line: Int)
    case list([TemplateExpression])
    case map([(key: TemplateExpression, value: TemplateExpression)])
    case member(TemplateExpression, TemplateExpression, line: Int)
    case slice(TemplateExpression, from: TemplateExpression?, to: TemplateExpression?, step: TemplateExpression?)
    case call(TemplateExpression, TemplateArguments, line: Int)
    case filter(TemplateExpression, String, TemplateArguments, line: Int)
    case test(TemplateExpression, String, [TemplateExpression], line: Int)
    case not(TemplateExpression)
    case negative(TemplateExpression, line: Int)
    case binary(String, TemplateExpression, TemplateExpression, line: Int)
    case conditional(TemplateExpression, test: TemplateExpression, otherwise: TemplateExpression?)
}

struct TemplateArguments {
    var places: [TemplateExpression] = []
    var names: [(name: String, value: TemplateExpression)] = []
}

/// A value while a template is rendered.
enum TemplateValue {
    case undefined, none
    case bool(Bool)
    case int(Int)
    case string(String)
    case list([TemplateValue])
    /// In the order in which members were put in.
    case map([(key: String, value: TemplateValue)])
    case namespace(TemplateNamespace)
    case macro(TemplateMacro)

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let elements): !elements.isEmpty
        case .map(let members): !members.isEmpty
        case .namespace, .macro: true
        }
    }

    /// As Python's `==`; texts are equal if their code points are.
    func equals(_ other: TemplateValue) -> Bool {
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .int(let b)), (.int(let b), .bool(let a)): (a ? 1 : 0) == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
        default: false
        }
    }
}

/// `namespace(...)`: the one value that a loop can change for what is outside it.
final class TemplateNamespace {
    var members: [String: TemplateValue]
    init(_ members: [String: TemplateValue]) { self.members = members }
}
