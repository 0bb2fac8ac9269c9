import ArgumentParser

/// How large the records of a file may be.
struct RecordOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Size from which on a record of a file is skipped, in MiB (1 to 1024).", valueName: "mib"))
  var recordLimit = 64

  func validate() throws {
    guard (1...1_024).contains(recordLimit) else {
      throw ValidationError("--record-limit is a number of MiB from 1 to 1024")
    }
  }

  /// The size in bytes.
  var size: Int { recordLimit << 20 }
}
