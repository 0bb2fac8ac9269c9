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
    .systemLibrary(name: "CLDAP", path: "Sources/CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap2-dev"])]),
    .systemLibrary(name: "CXML2", path: "Sources/CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CEVTX", path: "Sources/CEVTX", pkgConfig: "libevtx", providers: [.apt(["libevtx-dev"])]),
    .target(name: "DirectoryModel"),
    .target(name: "LDIF", dependencies: ["CBytes", "CZlib", "CZstd", "DirectoryModel"]),
    .target(name: "LDAP", dependencies: ["DirectoryModel", "LDIF", "CLDAP"]),
    .target(name: "Findings", dependencies: ["DirectoryModel"]),
    .target(
      name: "RuleSet",
      dependencies: ["Findings", "DirectoryModel", .product(name: "Yams", package: "Yams")],
      plugins: ["EmbedRules"]),
    .target(name: "RuleEngine", dependencies: ["RuleSet", "Findings", "DirectoryModel"]),
    .target(
      name: "Linting", dependencies: ["RuleEngine", "RuleSet", "LDIF", "Findings", "DirectoryModel"]),
    .target(name: "TextDecoding"),
    .target(name: "XMLStream", dependencies: ["CXML2", "TextDecoding"]),
    .target(name: "JSONStream"),
    .target(name: "EventLog", dependencies: ["CEVTX"]),
    .target(
      name: "SyncErrors",
      dependencies: [
        "RuleSet", "XMLStream", "JSONStream", "EventLog", "TextDecoding", "Findings", "DirectoryModel",
      ]),
    .target(name: "ConnectorSpace", dependencies: ["LDIF", "XMLStream", "TextDecoding", "DirectoryModel"]),
    .target(
      name: "Resolving",
      dependencies: [
        "SyncErrors", "ConnectorSpace", "Linting", "RuleEngine", "RuleSet", "LDIF", "Findings", "DirectoryModel",
      ]),
    .target(
      name: "Reporting", dependencies: ["JSONStream", "Findings", "DirectoryModel"], exclude: ["Page"],
      plugins: ["EmbedPage"]),
    .target(name: "IdFixFiles", dependencies: ["TextDecoding", "Findings", "DirectoryModel"]),
    .target(
      name: "AuditStore",
      dependencies: [
        "Findings", "DirectoryModel", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(name: "Incremental", dependencies: ["LDAP", "AuditStore", "LDIF", "DirectoryModel"]),
    .target(name: "Preflight", dependencies: ["LDAP", "Findings", "DirectoryModel"]),
    .executableTarget(
      name: "dirsync-lint",
      dependencies: [
        "DirectoryModel", "LDIF", "LDAP", "Findings", "RuleSet", "RuleEngine", "Linting", "Reporting",
        "ConnectorSpace", "Resolving", "SyncErrors", "EventLog", "AuditStore",
        "IdFixFiles",
        "Incremental", "Preflight",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The shipped rules are compiled into the RuleSet module, so that the product is one file. The link
    // Sources/embed-rules/Rules makes SwiftPM plan the build again when a rule file comes or goes.
    .executableTarget(name: "embed-rules", exclude: ["Rules"]),
    .plugin(name: "EmbedRules", capability: .buildTool(), dependencies: ["embed-rules"], path: "Sources/EmbedRules"),

    // The page of the HTML report, from plain files, with the hashes for its content security policy.
    .executableTarget(name: "embed-page"),
    .plugin(name: "EmbedPage", capability: .buildTool(), dependencies: ["embed-page"], path: "Sources/EmbedPage"),

    .testTarget(name: "DirectoryModelTests", dependencies: ["DirectoryModel"]),
    .testTarget(name: "LDIFTests", dependencies: ["LDIF", "DirectoryModel", "CZlib", "CZstd"]),
    // Starts the LDAP servers that several test targets share.
    .target(name: "TestServers", path: "Tests/TestServers"),
    .target(name: "TestFindings", dependencies: ["Findings", "DirectoryModel"], path: "Tests/TestFindings"),
    .testTarget(name: "LDAPTests", dependencies: ["LDAP", "LDIF", "DirectoryModel", "TestServers"]),
    .testTarget(name: "FindingsTests", dependencies: ["Findings", "DirectoryModel", "TestFindings"]),
    .testTarget(name: "RuleSetTests", dependencies: ["RuleSet", "Findings", "DirectoryModel"]),
    .testTarget(
      name: "RuleEngineTests", dependencies: ["RuleEngine", "RuleSet", "LDIF", "Findings", "DirectoryModel"]),
    .testTarget(
      name: "LintingTests",
      dependencies: ["Linting", "RuleEngine", "RuleSet", "LDIF", "Findings", "DirectoryModel"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Findings", "DirectoryModel", "TestFindings"],
      exclude: ["Fixtures"]),
    // The HTML report in a headless Chromium, driven by a script.
    .testTarget(
      name: "PageTests", dependencies: ["Reporting", "Findings", "DirectoryModel"],
      exclude: ["browser.py", "check_page.py"]),
    .testTarget(name: "IdFixFilesTests", dependencies: ["IdFixFiles", "Findings", "DirectoryModel"]),
    .testTarget(name: "ConnectorSpaceTests", dependencies: ["ConnectorSpace", "LDIF", "DirectoryModel"]),
    .testTarget(
      name: "ResolvingTests",
      dependencies: [
        "Resolving", "SyncErrors", "ConnectorSpace", "Linting", "RuleEngine", "RuleSet", "LDIF", "Findings",
        "DirectoryModel",
      ]),
    .testTarget(
      name: "AuditStoreTests",
      dependencies: ["AuditStore", "Findings", "DirectoryModel", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "XMLStreamTests", dependencies: ["XMLStream", "TextDecoding"]),
    .testTarget(name: "EventLogTests", dependencies: ["EventLog"]),
    .testTarget(name: "JSONStreamTests", dependencies: ["JSONStream"]),
    .testTarget(name: "TextDecodingTests", dependencies: ["TextDecoding"]),
    .testTarget(
      name: "SyncErrorsTests",
      dependencies: ["SyncErrors", "RuleSet", "XMLStream", "JSONStream", "TextDecoding", "Findings", "DirectoryModel"]),
    // Tests on a domain controller that they change.
    .testTarget(
      name: "DomainControllerTests",
      dependencies: ["TestServers", "Incremental", "Preflight", "LDAP", "LDIF", "Findings", "DirectoryModel"]),
    .testTarget(
      name: "IncrementalTests", dependencies: ["Incremental", "AuditStore", "LDAP", "LDIF", "DirectoryModel"]),
    .testTarget(name: "PreflightTests", dependencies: ["Preflight", "LDAP", "Findings", "DirectoryModel"]),
    // Whole command lines, tested from outside on the built binary.
    .testTarget(
      name: "ScenarioTests", dependencies: ["dirsync-lint", "AuditStore", "TestServers"],
      exclude: ["README.md", "Scenarios"]),
  ],
  swiftLanguageModes: [.v6]
)

// Fuzz targets need libFuzzer in every module they test, by flags that no dependent package could use: FUZZ=1 adds them.
if Context.environment["FUZZ"] == "1" {
  let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address"])]
  let fuzzed = [
    "RuleSet", "LDIF", "DirectoryModel", "Findings", "SyncErrors", "XMLStream", "JSONStream", "TextDecoding",
    "EventLog",
  ]
  for target in package.targets where fuzzed.contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + instrumented
  }
  let fuzzers: [(name: String, modules: [Target.Dependency])] = [
    ("fuzz-rules", ["RuleSet"]), ("fuzz-ldif", ["LDIF"]), ("fuzz-errors", ["SyncErrors", "RuleSet"]),
  ]
  for (name, modules) in fuzzers {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: modules + ["DirectoryModel"], path: "Fuzz/\(name)",
        swiftSettings: instrumented + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
  }
}
