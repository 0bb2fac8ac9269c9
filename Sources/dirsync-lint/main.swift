import Bytes
import Glibc

StandardDescriptors.reserve()
// A reader that has gone away is told of by `write`.
signal(SIGPIPE, SIG_IGN)
Interruption.watch()
ProcessLimits.raiseOpenFiles()
exit(CommandLineProgram.run().rawValue)
