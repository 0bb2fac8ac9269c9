/// An error that ends the program, with its text and status.
struct ProgramFailure: Error {
  var message: String
  var status: ExitStatus
}
