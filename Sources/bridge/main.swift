import CEdit
import Glibc
import Interruption

// A pipe that nobody reads (a pager that was left, a plotter that died) is an error of the write, not the end.
signal(SIGPIPE, SIG_IGN)
Interruption.clear()
edit_on_interrupt({ Interruption.request() }, 3)
exit(CommandLineParser.run(Array(CommandLine.arguments.dropFirst())))
