public enum RuleDocumentation {
  public static func markdown(for rule: Rule, in catalogue: RuleCatalogue, level: Int = 1) -> String { rule.explanation }
  public static func markdown(for catalogue: RuleCatalogue) -> String { "" }
  public static func text(for rule: Rule, in catalogue: RuleCatalogue, width: Int = 80) -> String { rule.explanation }
}
