import ArgumentParser
import Glibc

// The executable's own exit statuses are an interface (see `ExitStatus`), so the parser's are mapped to them here.
signal(SIGPIPE, SIG_IGN)
exit(CommandLineProgram.run().rawValue)
