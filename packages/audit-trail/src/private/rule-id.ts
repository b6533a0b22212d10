/** The id of a managed rule among others, as construct or in a template: `EBS_OPTIMIZED` is `EbsOptimized`. */
export function ruleId(identifier: string): string {
  return identifier.toLowerCase().replace(/(^|_)([a-z0-9])/g, (_, __, first: string) => first.toUpperCase());
}
