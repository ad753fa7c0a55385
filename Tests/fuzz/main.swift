// Random and mutated programs against the language, mutated files against the readers; `scripts/dev/fuzz` starts it.
//
//     fuzz run [--kinds a,b] [--programs N | --seconds N] [--seed N] [--workers N]
//     fuzz examine FILE
//     fuzz print KIND SEED NUMBER
import Foundation
import Fuzzing
import Language

let arguments = Array(CommandLine.arguments.dropFirst())

func option(_ name: String) -> String? {
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    return arguments[index + 1]
}

func campaign(_ kind: Campaign.Kind, seed: UInt64) throws -> Campaign {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return Campaign(
        kind: kind, seed: seed, registry: .sandboxed, corpus: try Corpus(root: root, registry: Registry()))
}

switch arguments.first {
case "worker": exit(try Worker(arguments: arguments).run())
case "examine" where arguments.count > 1: exit(try Worker.examine(path: arguments[1]))
case "print" where arguments.count == 4:
    guard let kind = Campaign.Kind(rawValue: arguments[1]), let seed = UInt64(arguments[2]), let number = Int(arguments[3])
    else { exit(2) }
    FileHandle.standardOutput.write(Data(try campaign(kind, seed: seed).bytes(number)))
case "run", nil: exit(try Run(option).run())
default:
    FileHandle.standardError.write(Data("usage: fuzz run | fuzz examine FILE | fuzz print KIND SEED NUMBER\n".utf8))
    exit(2)
}
