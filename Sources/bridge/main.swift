import Glibc
import Interruption
import Notebook

ProcessSignals.prepare()
if let problem = MemoryLimit.watch(Console.environment("BRIDGE_MEMORY")) ?? Library.problemWithSettings {
    Console.standard().report("error: \(problem)\n")
    exit(Status.usage)
}
let status = CommandLineParser.run(Array(CommandLine.arguments.dropFirst()))
ProcessSignals.endIfAsked()
exit(status)
