import FuzzExports

// Fuzz target of the reader of tables of csvde and Export-Csv. Built only with FUZZ=1, see Package.swift:
//
//   FUZZ=1 swift build -c release --product fuzz-csv --scratch-path .build-fuzz
//   SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz-csv -max_len=4000 -max_total_time=1800 NEW Fuzz/corpus-csv

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _: UnsafeMutablePointer<Int32>, _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  FuzzExports.check(
    Array(UnsafeBufferPointer(start: data, count: count)),
    start: "DN,objectClass,cn,member;range=0-1,objectGUID,proxyAddresses,Enabled\n")
  return 0
}

/// The program; SwiftPM renames the main function after the target.
@_cdecl("fuzz_csv_main")
public func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, fuzzOne)
}
