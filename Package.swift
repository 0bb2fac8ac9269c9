// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "dirsync-lint",
  products: [
    .executable(name: "dirsync-lint", targets: ["dirsync-lint"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CBytes", path: "Sources/CBytes"),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", path: "Sources/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
      name: "CArchive", path: "Sources/CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CLDAP", path: "Sources/CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap2-dev"])]),
    .systemLibrary(name: "CXML2", path: "Sources/CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CEVTX", path: "Sources/CEVTX", pkgConfig: "libevtx", providers: [.apt(["libevtx-dev"])]),
    .systemLibrary(
      name: "CXLSXWriter", path: "Sources/CXLSXWriter", pkgConfig: "xlsxwriter",
      providers: [.apt(["libxlsxwriter-dev"])]
    ),
    .target(name: "Bytes", dependencies: ["CBytes", "CZlib", "CZstd", "CArchive", "CXML2"]),
    .target(name: "Directory", dependencies: ["Bytes", "ShippedRules"]),
    .target(name: "Findings", dependencies: ["Bytes", "Directory"]),
    .target(name: "Entries", dependencies: ["Bytes", "Directory"]),
    .target(name: "LDAP", dependencies: ["Entries", "Bytes", "Directory", "CLDAP"]),
    .target(
      name: "Stores",
      dependencies: [
        "Findings", "Bytes", "Directory", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "RuleSet",
      dependencies: ["ShippedRules", "Findings", "Bytes", "Directory", .product(name: "Yams", package: "Yams")]),
    .target(name: "Incremental", dependencies: ["LDAP", "Stores", "Entries", "Bytes", "Directory"]),
    .target(name: "Joins", dependencies: ["Entries", "Findings", "Bytes", "Directory"]),
    .target(name: "RuleEngine", dependencies: ["Joins", "RuleSet", "Entries", "Findings", "Bytes", "Directory"]),
    .target(name: "SyncErrors", dependencies: ["RuleSet", "Bytes", "CEVTX", "Findings", "Directory"]),
    .target(name: "IdFix", dependencies: ["RuleEngine", "RuleSet", "Bytes", "Findings", "Directory"]),
    .target(
      name: "Resolving",
      dependencies: ["SyncErrors", "RuleEngine", "Joins", "RuleSet", "Entries", "Findings", "Bytes", "Directory"]),
    .target(name: "Doctor", dependencies: ["LDAP", "RuleSet", "Findings", "Directory"]),
    .target(
      name: "Reporting", dependencies: ["Bytes", "Findings", "Directory", "CXLSXWriter"], exclude: ["Page"],
      plugins: ["Embedding"]),
    .target(
      name: "Workbench",
      dependencies: [
        "Bytes", "Directory", "Entries", "LDAP", "Findings", "RuleSet", "RuleEngine", "Joins", "Reporting", "Resolving",
        "SyncErrors", "Stores", "IdFix", "Incremental", "Doctor",
      ]),
    .executableTarget(
      name: "dirsync-lint",
      dependencies: [
        "Workbench", "Reporting", "RuleSet", "Findings", "Bytes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The shipped rules are compiled into a module of their own, and the page of the HTML report into Reporting. The link
    // Sources/ShippedRules/Rules makes SwiftPM plan the build again when a rule file comes or goes.
    .target(name: "ShippedRules", exclude: ["Rules"], plugins: ["Embedding"]),
    .executableTarget(name: "embed"),
    .plugin(name: "Embedding", capability: .buildTool(), dependencies: ["embed"], path: "Sources/Embedding"),

    // Starts the LDAP servers that several test targets share.
    .target(name: "TestServers", path: "Tests/TestServers"),
    .target(name: "TestSources", dependencies: ["Entries", "Bytes", "Directory"], path: "Tests/TestSources"),
    .target(name: "TestFindings", dependencies: ["Findings", "Directory"], path: "Tests/TestFindings"),
    .testTarget(name: "BytesTests", dependencies: ["Bytes", "CZlib", "CZstd", "TestFindings"]),
    .testTarget(name: "DirectoryTests", dependencies: ["Bytes", "Directory"]),
    .testTarget(name: "FindingsTests", dependencies: ["Findings", "Bytes", "Directory", "TestFindings"]),
    .testTarget(
      name: "EntriesTests", dependencies: ["Entries", "TestSources", "Bytes", "Directory", "CZlib", "CZstd"]),
    .testTarget(name: "LDAPTests", dependencies: ["LDAP", "Entries", "Directory", "TestServers"]),
    .testTarget(
      name: "StoresTests",
      dependencies: ["Stores", "Findings", "Directory", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "RuleSetTests",
      dependencies: ["RuleSet", "RuleEngine", "IdFix", "ShippedRules", "Findings", "Bytes", "Directory"]),
    .testTarget(name: "IncrementalTests", dependencies: ["Incremental", "Stores", "LDAP", "Entries", "Directory"]),
    .testTarget(
      name: "RuleEngineTests",
      dependencies: ["RuleEngine", "Joins", "IdFix", "RuleSet", "Entries", "Findings", "Bytes", "Directory"]),
    .testTarget(
      name: "JoinsTests",
      dependencies: ["Joins", "TestFindings", "TestSources", "Entries", "Findings", "Bytes", "Directory"]),
    .testTarget(name: "SyncErrorsTests", dependencies: ["SyncErrors", "RuleSet", "Bytes", "Findings", "Directory"]),
    .testTarget(
      name: "IdFixTests", dependencies: ["IdFix", "RuleEngine", "RuleSet", "Entries", "Findings", "Directory"]),
    .testTarget(
      name: "ResolvingTests",
      dependencies: [
        "Resolving", "TestSources", "SyncErrors", "IdFix", "RuleEngine", "RuleSet", "Entries", "Findings", "Bytes",
        "Directory",
      ]),
    .testTarget(
      name: "DoctorTests", dependencies: ["Doctor", "RuleEngine", "RuleSet", "LDAP", "Findings", "Directory"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Findings", "Bytes", "Directory", "TestFindings"],
      exclude: ["Fixtures", "read_report.py"]),
    // The HTML report in a headless Chromium, driven by a script.
    .testTarget(
      name: "PageTests", dependencies: ["Reporting", "Findings", "Bytes", "Directory"],
      exclude: ["browser.py", "check_page.py"]),
    // Tests on a domain controller that they change.
    .testTarget(
      name: "DomainControllerTests",
      dependencies: ["TestServers", "Incremental", "Doctor", "LDAP", "Entries", "Findings", "Directory"]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "TestSources", "Entries", "Reporting", "Findings", "Bytes"]),
    // Whole command lines, tested from outside on the built binary.
    .testTarget(
      name: "ScenarioTests", dependencies: ["dirsync-lint", "Stores", "TestServers"],
      exclude: ["README.md", "Scenarios"]),
  ],
  swiftLanguageModes: [.v6]
)

// Fuzz targets need libFuzzer in every module they test, by flags that no dependent package could use: FUZZ=1 adds them.
if Context.environment["FUZZ"] == "1" {
  let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address"])]
  let fuzzed = ["RuleSet", "RuleEngine", "Joins", "IdFix", "Entries", "Directory", "Findings", "SyncErrors", "Bytes"]
  for target in package.targets where fuzzed.contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + instrumented
  }
  let fuzzers: [(name: String, modules: [Target.Dependency])] = [
    ("fuzz-rules", ["RuleSet", "RuleEngine", "IdFix"]), ("fuzz-ldif", ["Entries"]),
    ("fuzz-errors", ["SyncErrors", "RuleSet"]), ("fuzz-csv", ["FuzzExports"]), ("fuzz-json", ["FuzzExports"]),
    ("fuzz-clixml", ["FuzzExports"]),
  ]
  package.targets.append(
    .target(
      name: "FuzzExports", dependencies: ["Entries", "Directory"], path: "Fuzz/FuzzExports",
      swiftSettings: instrumented))
  for (name, modules) in fuzzers {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: modules + ["Directory"], path: "Fuzz/\(name)",
        swiftSettings: instrumented + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
  }
}
