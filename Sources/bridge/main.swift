import Glibc

ProcessSignals.prepare()
exit(CommandLineParser.run(Array(CommandLine.arguments.dropFirst())))
