import Glibc

StandardDescriptors.reserve()
// A reader that has gone away is told of by `write`.
signal(SIGPIPE, SIG_IGN)
exit(CommandLineProgram.run().rawValue)
